"""The protocol that every inference backend follows, what it is given, and what it returns."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np

from belle.evaluate.backends.decoding import Decoding
from belle.evaluate.backends.stop import Stop


@dataclass(frozen=True)
class Prompt:
    """What a model is to continue.

    Attributes:
        id: of the question; the noise that tokens are drawn with depends on it.
        ids: the tokens, at least one; the same for every backend.
    """

    id: str
    ids: list[int]


@dataclass(frozen=True)
class Generation:
    """The new tokens of one prompt.

    Attributes:
        ids: without the prompt and without the closing end token.
        stop: why there are no more.
    """

    ids: list[int]
    stop: Stop


class Backend(Protocol):
    """A loaded model that generates answers, whatever library runs it."""

    def generate(self, prompts: Sequence[Prompt], decoding: Decoding) -> Iterator[tuple[Prompt, Generation]]:
        """Continue each prompt until an end token, the next turn or the most new tokens.

        Yields:
            Prompts with their answers as they are finished, in any order. No answer depends on the other prompts.
        """
        ...

    def logits(self, ids: list[int]) -> np.ndarray:
        """Return the logits after every token of `ids` (teacher forcing): float32 [tokens, vocabulary]."""
        ...
