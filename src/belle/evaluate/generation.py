"""What every inference backend returns for one prompt."""

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True)
class Generation:
    """The new tokens of one prompt."""

    ids: list[int]
    """Without the prompt and without the closing end token."""
    stop: Literal["eos", "length"]
    """`eos`: the model ended its answer; `length`: it was cut at the allowed number of tokens."""
