"""Best-fit packing: which conversations share a row of fixed length, without cutting any of them."""

from collections.abc import Iterable

import numpy as np


def pack(lengths: Iterable[int], capacity: int) -> list[list[int]]:
    """Put items into rows of `capacity` tokens, each into the fullest row that still holds it.

    Best-fit bin packing (Johnson et al. 1974, SIAM J. Comput. 3:4) in the given order, so a shuffled input gives
    rows of mixed content. Rows are indexed by their free space; a bit mask of the free spaces in use makes a
    step independent of the number of rows.

    Args:
        lengths: tokens of each item, 1 to `capacity`.
        capacity: tokens of a row.

    Returns:
        The item indices of each row, rows in order of their first item.
    """
    rows: list[list[int]] = []
    with_free: list[list[int]] = [[] for _ in range(capacity + 1)]
    in_use = 0
    for item, length in enumerate(lengths):
        if not 0 < length <= capacity:
            raise ValueError(f"item {item} has {length} tokens; a row holds 1 to {capacity}")
        fitting = in_use >> length
        if fitting:
            free = length + (fitting & -fitting).bit_length() - 1
            row = with_free[free].pop()
            if not with_free[free]:
                in_use &= ~(1 << free)
            rows[row].append(item)
        else:
            free, row = capacity, len(rows)
            rows.append([item])
        with_free[free - length].append(row)
        in_use |= 1 << (free - length)
        in_use &= ~1
    return rows


def packing_order(lengths: np.ndarray, capacity: int, seed: int) -> np.ndarray:
    """Order in which to offer items to `pack`: a seeded shuffle, long items first.

    Items of a quarter row or more come by decreasing length, because they are hard to place; the shorter ones
    keep the shuffled order and fill the gaps with mixed content.

    Args:
        lengths: int64 [items].
        capacity: tokens of a row.
        seed: of the shuffle.

    Returns:
        int64 [items], a permutation.
    """
    shuffled = np.random.default_rng(seed).permutation(len(lengths))
    long = lengths[shuffled] * 4 >= capacity
    by_length = shuffled[long][np.argsort(-lengths[shuffled[long]], kind="stable")]
    return np.concatenate([by_length, shuffled[~long]])
