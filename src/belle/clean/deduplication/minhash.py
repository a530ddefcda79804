"""MinHash signatures, cut into bands: rows that share a band are candidates for near duplicates.

Broder 1997 for the signature, Leskovec, Rajaraman and Ullman, "Mining of Massive Datasets", chapter 3 for the bands.
Two rows of Jaccard similarity s agree in one value of the signature with probability s, in all r values of at least one
of b bands with probability 1 - (1 - s^r)^b.
"""

from itertools import pairwise

import numpy as np

from belle.clean.deduplication.shingles import Shingles
from belle.clean.deduplication.tokens import mix

BLOCK = 1 << 16
"""Shingles whose permuted hashes are held at once: they stay in the processor's cache."""
BAND_BASE = np.uint64(0xA0761D6478BD642F)


def permutations(count: int) -> tuple[np.ndarray, np.ndarray]:
    """Return factors (odd) and summands of `count` permutations of 32-bit numbers: two of uint32 [count]."""
    numbers = mix(np.arange(1, 2 * count + 1, dtype=np.uint64) * BAND_BASE) >> np.uint64(32)
    factors, summands = numbers.astype(np.uint32).reshape(2, count)
    return factors | np.uint32(1), summands


def signatures(shingles: Shingles, count: int) -> np.ndarray:
    """Return the smallest permuted hash of each row under each permutation: uint32 [rows, count].

    A row without shingles has the largest number everywhere.
    """
    starts = shingles.starts
    found = np.full((count, len(starts) - 1), np.iinfo(np.uint32).max, np.uint32)
    filled = np.flatnonzero(np.diff(starts))
    # the last row of each block, a block being as many whole rows as fit
    cuts = np.unique(np.searchsorted(starts[filled], np.arange(0, starts[-1] + BLOCK, BLOCK)))
    factors, summands = permutations(count)
    for begin, end in pairwise(cuts):
        rows = filled[begin:end]
        hashes = shingles.hashes[starts[rows[0]] : starts[rows[-1] + 1]]
        at = starts[rows] - starts[rows[0]]
        for permutation in range(count):
            permuted = hashes * factors[permutation] + summands[permutation]
            found[permutation, rows] = np.minimum.reduceat(permuted, at)
    return found.T


def bands(signature: np.ndarray, count: int, guard: np.ndarray) -> np.ndarray:
    """Return one hash per band of a signature: uint32 [rows, values] → uint64 [rows, count].

    Args:
        signature: `count` divides its number of values.
        count: bands.
        guard: rows of different numbers share no band, uint64 [rows].
    """
    grouped = signature.reshape(len(signature), count, -1).astype(np.uint64)
    values = np.repeat(guard[:, None], count, axis=1)
    for place in range(grouped.shape[2]):
        values = mix(values * BAND_BASE + grouped[:, :, place])
    return values
