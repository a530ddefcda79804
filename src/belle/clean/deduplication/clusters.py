"""Which row of several near duplicates is kept.

Rows are looked at from the best to the worst. A row is dropped when it is near to a kept one, and names the nearest of
these; so every match is a kept row, and no two kept rows that were compared are near.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

Similarities = Callable[[np.ndarray], np.ndarray]
"""From pairs of rows, int64 [pairs, 2], to their Jaccard similarities, float32 [pairs]."""


@dataclass(frozen=True)
class Matches:
    """Dropped rows, each with the kept row that it is near to.

    Attributes:
        rows: the dropped ones, int64 [n].
        kept: int64 [n].
        similarities: float32 [n].
    """

    rows: np.ndarray
    kept: np.ndarray
    similarities: np.ndarray


def keep_best(pairs: np.ndarray, rank: np.ndarray, compare: Similarities, threshold: float) -> Matches:
    """Decide which rows are dropped for which.

    A row near to none but dropped ones is also compared with those that they were dropped for, until nothing is new.

    Args:
        pairs: candidates, the better row first, int64 [pairs, 2].
        rank: place of each row of the table among all, the best first, int64 [table].
        compare: gives the similarities of pairs.
        threshold: of the similarity.
    """
    compared, near, similarities = _keys(pairs), pairs[:0], np.zeros(0, np.float32)
    while True:
        found = compare(pairs)
        near = np.concatenate([near, pairs[found >= threshold]])
        similarities = np.concatenate([similarities, found[found >= threshold]])
        matches = _resolve(near, similarities, rank)
        pairs = _by_way_of_dropped(near, matches, len(rank))
        pairs = pairs[~np.isin(_keys(pairs), compared)]
        if not len(pairs):
            return matches
        compared = np.union1d(compared, _keys(pairs))


def _keys(pairs: np.ndarray) -> np.ndarray:
    return pairs[:, 0] << 32 | pairs[:, 1]


def _resolve(near: np.ndarray, similarities: np.ndarray, rank: np.ndarray) -> Matches:
    better, worse = rank[near[:, 0]], rank[near[:, 1]]
    order = np.lexsort((better, -similarities, worse))
    dropped = bytearray(len(rank))
    chosen = []
    for edge, one, other in zip(order.tolist(), better[order].tolist(), worse[order].tolist(), strict=True):
        if not dropped[one] and not dropped[other]:
            dropped[other] = True
            chosen.append(edge)
    return Matches(near[chosen, 1], near[chosen, 0], similarities[chosen])


def _by_way_of_dropped(near: np.ndarray, matches: Matches, rows: int) -> np.ndarray:
    """Return each kept row that is near to a dropped one with the row that this one was dropped for."""
    kept_for = np.full(rows, -1)
    kept_for[matches.rows] = matches.kept
    instead, worse = kept_for[near[:, 0]], near[:, 1]
    is_open = (kept_for[worse] < 0) & (instead >= 0)
    return np.unique(np.stack([instead[is_open], worse[is_open]], axis=1), axis=0)
