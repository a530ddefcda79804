"""The protocol that every inference backend follows, and what it returns."""

from dataclasses import dataclass
from typing import Literal, Protocol

import numpy as np


@dataclass(frozen=True)
class Generation:
    """The new tokens of one prompt.

    Attributes:
        ids: without the prompt and without the closing end token.
        stop: `eos`: the model ended its answer; `length`: it was cut at the allowed number of tokens.
    """

    ids: list[int]
    stop: Literal["eos", "length"]


class Backend(Protocol):
    """A loaded model that generates answers, whatever library runs it."""

    def generate(self, prompts: list[list[int]], max_new_tokens: int) -> list[Generation]:
        """Continue each prompt (token ids) greedily until an end token or `max_new_tokens`."""
        ...

    def logits(self, ids: list[int]) -> np.ndarray:
        """Return the logits after every token of `ids` (teacher forcing): float32 [tokens, vocabulary]."""
        ...
