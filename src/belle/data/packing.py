"""Best-fit packing: which conversations share a sequence of fixed length, without cutting any of them."""

from collections.abc import Iterable

import numpy as np


def pack(lengths: Iterable[int], capacity: int) -> list[list[int]]:
    """Put items into sequences of `capacity` tokens, each into the fullest sequence that still holds it.

    Best-fit bin packing (Johnson et al. 1974, SIAM J. Comput. 3:4) in the given order, so a shuffled input gives
    sequences of mixed content. Sequences are indexed by their free space; a bit mask of the free spaces in use makes
    the time per item independent of the number of sequences.

    Args:
        lengths: tokens of each item, 1 to `capacity`.
        capacity: tokens of a sequence.

    Returns:
        The item indices of each sequence, sequences in order of their first item.
    """
    sequences: list[list[int]] = []
    with_free: list[list[int]] = [[] for _ in range(capacity + 1)]
    in_use = 0
    for item, length in enumerate(lengths):
        if not 0 < length <= capacity:
            raise ValueError(f"item {item} has {length} tokens; a sequence holds 1 to {capacity}")
        fitting = in_use >> length
        if fitting:
            free = length + (fitting & -fitting).bit_length() - 1
            sequence = with_free[free].pop()
            if not with_free[free]:
                in_use &= ~(1 << free)
            sequences[sequence].append(item)
        else:
            free, sequence = capacity, len(sequences)
            sequences.append([item])
        with_free[free - length].append(sequence)
        in_use |= 1 << (free - length)
        in_use &= ~1
    return sequences


def packing_order(lengths: np.ndarray, capacity: int, seed: int) -> np.ndarray:
    """Return the order in which `pack` gets the items: long items first, the others shuffled.

    Items of a quarter of the capacity or more are sorted by decreasing length, because they are hard to place; the
    shorter ones keep a shuffled order and fill the gaps with mixed content.

    Args:
        lengths: int64 [items].
        capacity: tokens of a sequence.
        seed: of the shuffle.

    Returns:
        int64 [items], a permutation.
    """
    shuffled = np.random.default_rng(seed).permutation(len(lengths))
    long = lengths[shuffled] * 4 >= capacity
    by_length = shuffled[long][np.argsort(-lengths[shuffled[long]], kind="stable")]
    return np.concatenate([by_length, shuffled[~long]])
