"""Cut many texts into tokens at once, each known by a hash: a Chinese character, a word, a number or an operator.

One cut serves both languages: n tokens in a row are n characters of Chinese and n words of English. The texts are
comparison keys (`belle.clean.text`), so width and case are folded already.
"""

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np

NOTHING, WORD, CHARACTER, OPERATOR, PUNCTUATION = range(5)
WIDE = "WF"
"""East Asian widths (UAX 11) of characters that are written without spaces; each is a token."""
SENTENCE_PUNCTUATION = "!\"',.:;?、。"
"""No token, unless it stands between two signs of ASCII as in `3.5`, `a[:]`, or is a factorial."""

LETTER_BASE = np.uint64(0x9E3779B97F4A7C15)
MULTIPLIERS = (np.uint64(0xBF58476D1CE4E5B9), np.uint64(0x94D049BB133111EB))
"""Of splitmix64 (Steele, Lea, Flood 2014)."""


@dataclass(frozen=True)
class Tokens:
    """The tokens of n texts, one after the other.

    Attributes:
        hashes: uint64 [tokens].
        kinds: `WORD`, `CHARACTER` or `OPERATOR`, uint8 [tokens].
        has_digit: whether a token is or holds a number, bool [tokens].
        letters: characters of each token, int64 [tokens].
        starts: where the tokens of each text begin, and where the last end, int64 [n + 1].
    """

    hashes: np.ndarray
    kinds: np.ndarray
    has_digit: np.ndarray
    letters: np.ndarray
    starts: np.ndarray

    @property
    def counts(self) -> np.ndarray:
        """Tokens of each text, int64 [n]."""
        return np.diff(self.starts)


def mix(values: np.ndarray) -> np.ndarray:
    """Spread every bit of 64-bit integers over all of them: the finalizer of splitmix64."""
    values = (values ^ (values >> np.uint64(30))) * MULTIPLIERS[0]
    values = (values ^ (values >> np.uint64(27))) * MULTIPLIERS[1]
    return values ^ (values >> np.uint64(31))


def tokenize(texts: Sequence[str]) -> Tokens:
    """Cut texts into tokens."""
    # a line feed behind each text keeps its last word from the first of the next
    points = np.frombuffer("\n".join([*texts, ""]).encode("utf-32-le", "surrogatepass"), np.uint32)
    kinds = _kinds(points)
    is_start = kinds != NOTHING
    is_start[1:] &= (kinds[1:] != WORD) | (kinds[:-1] != WORD)
    at = np.flatnonzero(is_start)
    ends = np.cumsum([len(text) + 1 for text in texts], dtype=np.int64)
    starts = np.concatenate([[0], np.searchsorted(at, ends)])
    if not len(at):
        return Tokens(at.astype(np.uint64), kinds[at], at.astype(bool), at, starts)
    has_digit = np.logical_or.reduceat(_digits()[points], at)
    letters = np.add.reduceat(kinds != NOTHING, at, dtype=np.int64)
    return Tokens(_hashes(points, kinds, at), kinds[at], has_digit, letters, starts)


def _kinds(points: np.ndarray) -> np.ndarray:
    """Return the kind of each code point: uint32 [characters] → uint8 [characters]."""
    kinds = _table()[points]
    visible_ascii = (points > ord(" ")) & (points < 127)
    beside = np.zeros(len(points), bool)
    beside[1:-1] = visible_ascii[:-2] & visible_ascii[2:]
    beside[1:] |= (points[1:] == ord("!")) & _digits()[points[:-1]]
    is_punctuation = kinds == PUNCTUATION
    kinds[is_punctuation] = np.where(beside[is_punctuation], OPERATOR, NOTHING)
    return kinds


def _hashes(points: np.ndarray, kinds: np.ndarray, at: np.ndarray) -> np.ndarray:
    """Return a polynomial hash of the letters of each token that starts at `at`: uint64 [tokens]."""
    lengths = np.diff(at, append=len(points))
    place = np.arange(at[0], len(points)) - np.repeat(at, lengths)
    powers = np.multiply.accumulate(np.full(int(lengths.max()), LETTER_BASE))
    values = points[at[0] :].astype(np.uint64) * powers[place]
    values[kinds[at[0] :] == NOTHING] = 0
    return mix(np.add.reduceat(values, at - at[0]))


@cache
def _table() -> np.ndarray:
    """Return the kind of every code point: uint8 [0x110000]."""
    table = np.full(0x110000, CHARACTER, np.uint8)
    table[:0x10000] = [_kind(chr(point)) for point in range(0x10000)]
    return table


@cache
def _digits() -> np.ndarray:
    """Return which code points are digits: bool [0x110000]."""
    table = np.zeros(0x110000, bool)
    table[[point for point in range(0x10000) if chr(point).isdigit()]] = True
    return table


def _kind(character: str) -> int:
    if character in SENTENCE_PUNCTUATION:
        return PUNCTUATION
    category = unicodedata.category(character)
    if category[0] in "PS" and character != "_":
        return OPERATOR
    if category[0] in "ZC":
        return NOTHING
    return CHARACTER if unicodedata.east_asian_width(character) in WIDE else WORD
