"""How much of a text repeats itself: the same lines, or the same runs of words.

Two shares as Gopher defines them (Rae et al. 2021, arXiv 2112.11446, table A1; datatrove's GopherRepetitionFilter): of
a text's characters, those in lines that stood before; of its words, those in n-grams that stood before, each counted
once however many n-grams it is in. A Chinese character is a word, as is a run of letters or digits of an alphabet;
punctuation does not count. The first occurrence is no repetition.
"""

from collections.abc import Sequence

import numpy as np

NGRAM = 10
"""Words per n-gram. Gopher takes 5 to 10, each with its own limit; the longest says most about a short answer."""
MULTIPLIER = np.uint64(0x9E3779B97F4A7C15)
"""Odd, so that multiplying mixes all 64 bits; the fraction of the golden ratio, as in Fibonacci hashing."""
NEWLINE = ord("\n")


class Characters:
    """All characters of some texts in a row.

    Attributes:
        codes: code point of each: uint32 [characters].
        texts: index of the text it stands in: int64 [characters].
        count: how many texts there are.
    """

    def __init__(self, texts: Sequence[str]) -> None:
        self.codes = np.frombuffer("".join(texts).encode("utf-32-le"), np.uint32)
        self.texts = np.repeat(np.arange(len(texts)), [len(text) for text in texts])
        self.count = len(texts)


def repeated_lines(characters: Characters) -> np.ndarray:
    """Return the share of each text's characters in lines that stood before in it: float64 [texts]."""
    is_text = characters.codes != NEWLINE
    starts = is_text & ~_follows(is_text, characters.texts)
    keys, lengths, texts = _units(characters, is_text, starts)
    return _share(_stood_before(keys, texts), texts, lengths, characters.count)


def repeated_ngrams(characters: Characters) -> np.ndarray:
    """Return the share of each text's words in n-grams that stood before in it: float64 [texts]."""
    is_letter, is_word = _letters(characters.codes)
    starts = is_letter & ~(is_word & _follows(is_word, characters.texts))
    words, _, texts = _units(characters, is_letter, starts)
    last = len(words) - NGRAM + 1
    if last <= 0:
        return np.zeros(characters.count)
    keys = np.zeros(last, np.uint64)
    for offset in range(NGRAM):
        keys = (keys ^ words[offset : offset + last]) * MULTIPLIER
        keys ^= keys >> np.uint64(29)
    is_whole = texts[:last] == texts[NGRAM - 1 :]
    before = np.zeros(last, bool)
    before[is_whole] = _stood_before(keys[is_whole], texts[:last][is_whole])
    # a word is covered when one of the n-grams that it is in stood before: +1 where one begins, -1 behind its end
    change = np.zeros(len(words) + 1, np.int64)
    change[:last] += before
    change[NGRAM:] -= before
    return _share(np.cumsum(change)[:-1] > 0, texts, np.ones(len(words)), characters.count)


def _letters(codes: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return which characters belong to words, and which of those to words of several characters: bool [characters]."""
    ascii_letter = ((codes | 0x20) >= ord("a")) & ((codes | 0x20) <= ord("z"))
    digit = (codes >= ord("0")) & (codes <= ord("9"))
    alphabet = (codes >= 0xC0) & (codes < 0x2000)
    # punctuation, full-width forms and symbols lie between the alphabets and kana, and behind Hangul
    ideograph = ((codes >= 0x3041) & (codes < 0xD7A4)) | (codes >= 0x20000)
    is_word = ascii_letter | digit | alphabet
    return is_word | ideograph, is_word


def _follows(is_part: np.ndarray, texts: np.ndarray) -> np.ndarray:
    """Return which characters come right behind a character of a kind in the same text."""
    return np.concatenate([[False], is_part[:-1] & (texts[1:] == texts[:-1])])[: len(is_part)]


def _units(
    characters: Characters, is_part: np.ndarray, starts: np.ndarray
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return hash, length and text of each unit (word or line), a run of characters from one start to the next."""
    at = np.flatnonzero(is_part)
    first = np.flatnonzero(starts[at])
    if len(first) == 0:
        return np.zeros(0, np.uint64), np.zeros(0), np.zeros(0, np.int64)
    lengths = np.diff(first, append=len(at))
    within = np.arange(len(at)) - np.repeat(first, lengths)
    mixed = (characters.codes[at].astype(np.uint64) + np.uint64(1)) * MULTIPLIER
    mixed ^= mixed >> np.uint64(31)
    weights = (within.astype(np.uint64) * np.uint64(2) + np.uint64(1)) * MULTIPLIER
    keys = np.add.reduceat(mixed * weights, first)
    return keys, lengths, characters.texts[at][first]


def _stood_before(keys: np.ndarray, texts: np.ndarray) -> np.ndarray:
    """Return which keys stood before in the same text: bool [keys]; `texts` ascends."""
    # sorting a key with its place in the low bits is ten times as fast as sorting places by keys
    width = np.uint64(len(keys).bit_length())
    places = (np.uint64(1) << width) - np.uint64(1)
    ordered = np.sort((keys & ~places) | np.arange(len(keys), dtype=np.uint64))
    at = (ordered & places).astype(np.int64)
    is_equal = (ordered[1:] ^ ordered[:-1]) <= places
    before = np.zeros(len(keys), bool)
    before[at[1:][is_equal & (texts[at[1:]] == texts[at[:-1]])]] = True
    return before


def _share(is_repeated: np.ndarray, texts: np.ndarray, lengths: np.ndarray, count: int) -> np.ndarray:
    """Return the share of each text's length that is repeated: float64 [count]."""
    repeated = np.bincount(texts, lengths * is_repeated, count)
    return repeated / np.maximum(np.bincount(texts, lengths, count), 1)
