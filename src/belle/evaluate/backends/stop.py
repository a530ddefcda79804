"""Why an answer ends; apart from the backends, since whoever scores answers runs none of them."""

from typing import Literal

Stop = Literal["eos", "turn", "length", "content_filter", "too_long"]
"""Why an answer has no more tokens: the model ended it (`eos`); it went on with the user's next turn, which is cut off
(`turn`); it was cut at `max_new_tokens` (`length`), or by a server's filter (`content_filter`); nobody asked for one,
because the model has no room for the question (`too_long`)."""
