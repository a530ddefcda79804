"""What two rows must have in common word for word before they count as near duplicates.

`3 + 5` and `3 - 5` are near in letters and far in meaning. So the numbers, operators, names and words that turn a
statement round have to be the same in both rows, in the same order; only other words may differ.
"""

from collections.abc import Sequence
from functools import cache
from zlib import crc32

import numpy as np

from belle.clean.deduplication.tokens import CHARACTER, OPERATOR, WORD, Tokens, mix, tokenize

EXACT_CHARACTERS = "零〇一二三四五六七八九十百千万亿兆两半加减乘除正负不没无非未"
EXACT_WORDS = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen "
    "eighteen nineteen twenty thirty forty fifty sixty seventy eighty ninety hundred thousand million billion half "
    "plus minus times divided not no never without and or true false none null"
)
SHORT_MESSAGE = 8
"""Tokens of an answer that is compared word for word, punctuation included: a label, a name or a result."""
OPERATORS_IN_PROSE = 0.1
"""Largest share of operators among the tokens of English prose; code has more."""
GUARD_BASE = np.uint64(0xE7037ED1A0B428DB)


def guards(tokens: Tokens, rows: np.ndarray, is_answer: np.ndarray, texts: Sequence[str]) -> np.ndarray:
    """Return a hash of all that must be equal, for rows of several messages: uint64 [n].

    Args:
        tokens: of every message.
        rows: where the messages of each row begin, and where the last end, int64 [n + 1].
        is_answer: bool [messages].
        texts: what must be equal of a short answer, one for each message.
    """
    short = np.zeros(len(texts), np.uint64)
    for message in np.flatnonzero(is_answer & is_short(tokens)).tolist():
        short[message] = crc32(texts[message].encode("utf-8", "surrogatepass"))
    exact = np.flatnonzero(is_exact(tokens))
    return _sums(tokens.hashes[exact], np.searchsorted(exact, tokens.starts[rows])) ^ mix(_sums(mix(short), rows))


def is_short(tokens: Tokens) -> np.ndarray:
    """Return which messages are compared word for word: bool [messages]."""
    return tokens.counts <= SHORT_MESSAGE


def _sums(hashes: np.ndarray, starts: np.ndarray) -> np.ndarray:
    """Return a hash of each list of hashes, in which their order counts: uint64 [lists]."""
    place = np.arange(len(hashes)) - np.repeat(starts[:-1], np.diff(starts))
    powers = np.multiply.accumulate(np.full(int(place.max(initial=0)) + 1, GUARD_BASE))
    # differences of running sums, since reduceat knows no empty list
    sums = np.concatenate([[np.uint64(0)], np.add.accumulate(hashes * powers[place])])
    return mix(sums[starts[1:]] - sums[starts[:-1]])


def is_exact(tokens: Tokens) -> np.ndarray:
    """Return which tokens must be equal: bool [tokens]."""
    kinds, counts = tokens.kinds, tokens.counts
    message = np.repeat(np.arange(len(counts)), counts)
    is_operator, is_word = kinds == OPERATOR, kinds == WORD
    beside_operator = np.zeros(len(kinds), bool)
    beside_operator[1:] |= is_operator[:-1]
    beside_operator[:-1] |= is_operator[1:]
    is_name = is_word & (beside_operator | (tokens.letters == 1) | ~_is_prose(tokens, message)[message])
    is_listed = np.isin(tokens.hashes, _listed())
    return is_operator | tokens.has_digit | is_name | is_listed


def _is_prose(tokens: Tokens, message: np.ndarray) -> np.ndarray:
    """Return which messages are in words, neither Chinese nor code: bool [messages]. Elsewhere words are names."""
    words, characters, operators = (
        np.bincount(message[tokens.kinds == kind], minlength=len(tokens.counts)) for kind in (WORD, CHARACTER, OPERATOR)
    )
    return (words > characters) & (operators <= OPERATORS_IN_PROSE * tokens.counts)


@cache
def _listed() -> np.ndarray:
    """Return the hashes of the characters and words that are compared exactly."""
    return tokenize([*EXACT_CHARACTERS, *EXACT_WORDS.split()]).hashes
