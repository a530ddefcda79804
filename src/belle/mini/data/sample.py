"""A sample of the mini data, and the hash that assigns it to training or evaluation."""

import hashlib
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from random import Random

HELD_OUT_ONE_IN = 8


@dataclass(frozen=True)
class Sample:
    """A question, its one right answer, and the language it is asked in.

    `key` decides the side (training or evaluation); it is the question itself unless other phrasings of it would
    give the answer away, as with sums.
    """

    question: str
    answer: str
    language: str = "zh"
    key: str = ""

    @property
    def held_out(self) -> bool:
        """Whether this is an evaluation question: one in eight, chosen by a hash of the key."""
        return is_held_out(self.key or self.question)


Task = Callable[[Random], Sample]
"""Draws a random sample of one kind."""


def plain(text: str) -> str:
    """Text without case, width, whitespace or punctuation: equal questions become equal strings."""
    folded = unicodedata.normalize("NFKC", text).casefold()
    return "".join(c for c in folded if not c.isspace() and not unicodedata.category(c).startswith("P"))


def is_held_out(key: str) -> bool:
    """Whether a key belongs to the evaluation side (independent of Python's hash seed)."""
    return int.from_bytes(hashlib.sha256(plain(key).encode()).digest()[:4]) % HELD_OUT_ONE_IN == 0


def one_of(random: Random, *choices: str) -> str:
    """Pick one of several phrasings."""
    return random.choice(choices)
