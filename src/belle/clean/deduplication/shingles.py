"""Shingles: what two rows are compared by. A shingle is n tokens in a row of one message (Broder 1997)."""

from dataclasses import dataclass

import numpy as np

from belle.clean.deduplication.tokens import Tokens, mix

SHINGLE_BASE = np.uint64(0xD6E8FEB86659FD93)


@dataclass(frozen=True)
class Shingles:
    """The shingles of n rows, one after the other; a row may hold one several times.

    Attributes:
        hashes: uint32 [shingles].
        starts: where the shingles of each row begin, and where the last end, int64 [n + 1].
    """

    hashes: np.ndarray
    starts: np.ndarray


def shingle(tokens: Tokens, size: int, rows: np.ndarray, salts: np.ndarray) -> Shingles:
    """Return the shingles of rows of several messages; a message of fewer than `size` tokens is one shingle.

    Args:
        tokens: of every message.
        size: tokens of a shingle.
        rows: where the messages of each row begin, and where the last end, int64 [n + 1].
        salts: a number for each message: equal words under another number are other shingles, uint64 [messages].
    """
    counts = np.maximum(tokens.counts - size + 1, tokens.counts > 0)
    starts = np.concatenate([[0], np.cumsum(counts)])
    # the first token of each shingle, and the message it stands in
    message = np.repeat(np.arange(len(counts)), counts)
    first = np.arange(starts[-1]) + np.repeat(tokens.starts[:-1] - starts[:-1], counts)
    padded = np.concatenate([tokens.hashes, np.zeros(size, np.uint64)])
    values = salts[message]
    short = np.flatnonzero((tokens.counts < size) & (tokens.counts > 0))
    for offset in range(size):
        part = padded[first + offset]
        # beyond the end of a short message stand the tokens of the next one
        part[starts[short[tokens.counts[short] <= offset]]] = 0
        values = values * SHINGLE_BASE + part
    return Shingles((mix(values) >> np.uint64(32)).astype(np.uint32), starts[rows])


def distinct(shingles: Shingles) -> Shingles:
    """Return each shingle once, in ascending order within its row."""
    row = np.repeat(np.arange(len(shingles.starts) - 1, dtype=np.uint64), np.diff(shingles.starts))
    keys = np.unique(row << np.uint64(32) | shingles.hashes)
    starts = np.searchsorted(keys, np.arange(len(shingles.starts), dtype=np.uint64) << np.uint64(32))
    return Shingles(keys.astype(np.uint32), starts)
