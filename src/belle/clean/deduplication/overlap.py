"""How many shingles two rows have in common, for many pairs of rows at once."""

import numpy as np

from belle.clean.deduplication.shingles import Shingles
from belle.data.slices import slices

SHINGLES_AT_ONCE = 1 << 21


def common(left: Shingles, left_rows: np.ndarray, right: Shingles, right_rows: np.ndarray) -> np.ndarray:
    """Return how many shingles each pair has in common: two of int64 [pairs] → int64 [pairs].

    Args:
        left: distinct shingles of rows.
        left_rows: one row of `left` for each pair.
        right: distinct shingles of rows; may be `left`.
        right_rows: one row of `right` for each pair.
    """
    sizes = np.diff(left.starts)[left_rows] + np.diff(right.starts)[right_rows]
    parts = [_common(left, left_rows[some], right, right_rows[some]) for some in slices(sizes, SHINGLES_AT_ONCE)]
    return np.concatenate([*parts, np.zeros(0, np.int64)])


def jaccard(shared: np.ndarray, left_sizes: np.ndarray, right_sizes: np.ndarray) -> np.ndarray:
    """Return the Jaccard similarity of pairs from the number of shingles they share and have: float32 [pairs]."""
    return (shared / np.maximum(left_sizes + right_sizes - shared, 1)).astype(np.float32)


def _common(left: Shingles, left_rows: np.ndarray, right: Shingles, right_rows: np.ndarray) -> np.ndarray:
    both = np.concatenate([_by_pair(left, left_rows), _by_pair(right, right_rows)])
    both.sort()
    twice = both[:-1][both[1:] == both[:-1]]
    return np.bincount((twice >> np.uint64(32)).astype(np.int64), minlength=len(left_rows))


def _by_pair(shingles: Shingles, rows: np.ndarray) -> np.ndarray:
    """Return the shingles of each pair's row below the number of the pair: uint64 [shingles]."""
    begins, counts = shingles.starts[rows], np.diff(shingles.starts)[rows]
    ends = np.cumsum(counts)
    at = np.arange(ends[-1] if len(ends) else 0) + np.repeat(begins - ends + counts, counts)
    pair = np.repeat(np.arange(len(rows), dtype=np.uint64), counts)
    return pair << np.uint64(32) | shingles.hashes[at]
