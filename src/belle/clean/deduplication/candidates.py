"""Which rows may be near duplicates: those that share a band of their signatures."""

from collections.abc import Iterable

import numpy as np

BEST = 8
"""A row is compared with so many of the best rows of each of its buckets, or a bucket of thousands took forever."""


def candidate_pairs(bands: Iterable[np.ndarray], rows: np.ndarray) -> np.ndarray:
    """Return pairs of rows that share a band, the better row first: int64 [pairs, 2], each once, in order.

    Args:
        bands: one hash for each row of the table, a band after the other, uint64 [table].
        rows: those that take part, the best one first, int64 [rows].
    """
    found = np.zeros(0, np.uint64)
    for band in bands:
        found = np.union1d(found, _pairs(band[rows]))
    better, worse = found >> np.uint64(32), found & np.uint64(0xFFFFFFFF)
    return rows[np.stack([better, worse], axis=1).astype(np.int64)]


def _pairs(band: np.ndarray) -> np.ndarray:
    """Return the pairs of one band, as the place of the better row times 2^32 plus that of the other: uint64."""
    order = np.argsort(band, kind="stable")
    is_first = np.diff(band[order], prepend=~band[order[:1]]) != 0
    bucket = np.flatnonzero(is_first)
    place = np.arange(len(band)) - np.repeat(bucket, np.diff(bucket, append=len(band)))
    begins = np.arange(len(band)) - place
    pairs = []
    for best in range(BEST):
        worse = np.flatnonzero(place > best)
        pairs.append(order[begins[worse] + best].astype(np.uint64) << np.uint64(32) | order[worse].astype(np.uint64))
    return np.concatenate(pairs)
