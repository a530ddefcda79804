"""Where a model goes on with the user's next turn instead of ending its answer.

A model that misses the end token of BELLE's template writes a blank line and `Human: ` after its answer.
"""

import re
from collections.abc import Sequence


def cut_at_next_turn(text: str, headers: Sequence[str]) -> str:
    """Return a text up to the first line that begins with one of the headers, without white space at its end.

    The first line is no next turn: an answer may begin with the word (a dialog that was asked for).

    Args:
        text: an answer, without thinking and special tokens.
        headers: `ChatEncoder.turn_headers` of the template that the prompt was rendered with; may be empty.
    """
    if not headers:
        return text
    found = re.search(r"\n[^\S\n]*(?:" + "|".join(map(re.escape, headers)) + ")", text)
    return text[: found.start()].rstrip() if found else text
