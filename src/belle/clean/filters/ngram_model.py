"""A character trigram model with hashed counts: what text of a table is unlike the rest of it."""

import numpy as np

BITS = (16, 22, 24)
"""Single characters, bigrams and trigrams are counted in so many entries (as a power of two), 80 MB in all."""
WEIGHTS = (0.5, 0.3, 0.15, 0.05)
"""Of trigrams, bigrams, single characters, and all code points alike."""
MARK = "\n\n"
"""Stands before each text, so that its first characters have something before them."""
CODE_POINTS = 0x110000
MULTIPLIER = np.uint64(0x9E3779B97F4A7C15)


class NgramModel:
    """Interpolated character trigrams (Jelinek and Mercer 1980) whose counts share hashed entries.

    A text is judged without its own occurrences (leave one out), or text that stands nowhere else would seem certain.
    """

    def __init__(self) -> None:
        self.counts = [np.zeros(2**bits, np.uint32) for bits in BITS]
        self.total = 0

    def learn(self, texts: list[str]) -> None:
        """Count the characters, bigrams and trigrams of some texts."""
        codes, _, _ = _characters(texts)
        for counts, places in zip(self.counts, _places(codes), strict=True):
            counts += np.bincount(places, minlength=len(counts)).astype(np.uint32)
        self.total += len(codes)

    def perplexities(self, texts: list[str]) -> np.ndarray:
        """Return the perplexity per character of each text: float64 [texts]; 1 of an empty one."""
        codes, rows, is_mark = _characters(texts)
        singles, pairs, triples = (
            np.maximum(counts[places].astype(np.float64) - 1, 0)
            for counts, places in zip(self.counts, _places(codes), strict=True)
        )
        before_single = np.concatenate([[1.0], singles])[:-1]
        before_pair = np.concatenate([[1.0], pairs])[:-1]
        chances = (
            WEIGHTS[0] * np.minimum(triples / np.maximum(before_pair, 1), 1)
            + WEIGHTS[1] * np.minimum(pairs / np.maximum(before_single, 1), 1)
            + WEIGHTS[2] * singles / max(self.total, 1)
            + WEIGHTS[3] / CODE_POINTS
        )
        # what ends at a mark is no part of a text; each sum has its own order, whatever texts stand beside it
        weights = np.where(is_mark, 0.0, -np.log(chances))
        lengths = np.bincount(rows, ~is_mark, len(texts))
        return np.exp(np.bincount(rows, weights, len(texts)) / np.maximum(lengths, 1))


def _characters(texts: list[str]) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return all code points with a mark before each text, the index of the text of each, and which are marks."""
    codes = np.frombuffer("".join(MARK + text for text in texts).encode("utf-32-le"), np.uint32).astype(np.uint64)
    lengths = np.array([len(MARK) + len(text) for text in texts], np.int64)
    is_mark = np.zeros(len(codes), bool)
    starts = np.cumsum(lengths) - lengths
    for place in range(len(MARK)):
        is_mark[starts + place] = True
    return codes, np.repeat(np.arange(len(texts)), lengths), is_mark


def _places(codes: np.ndarray) -> list[np.ndarray]:
    """Return where the n-grams that end at each character are counted, for n = 1, 2, 3."""
    places, keys = [], np.zeros(len(codes), np.uint64)
    for order, bits in enumerate(BITS):
        shifted = np.concatenate([np.zeros(order, np.uint64), codes])[: len(codes)]
        keys = (keys ^ (shifted + np.uint64(1))) * MULTIPLIER
        keys ^= keys >> np.uint64(32)
        places.append(((keys * MULTIPLIER) >> np.uint64(64 - bits)).astype(np.int64))
    return places
