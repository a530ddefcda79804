"""Find the exact and near duplicates of a table: collect what is needed of every row, then decide."""

from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from belle.clean.deduplication.candidates import candidate_pairs
from belle.clean.deduplication.clusters import Matches, keep_best
from belle.clean.deduplication.features import IDENTITY, identity, near_features
from belle.clean.deduplication.overlap import common, jaccard
from belle.clean.deduplication.scratch import Scratch
from belle.config.deduplication import DeduplicateParams
from belle.libraries.daft_setup import daft

EXACT, NEAR = "duplicate", "near_duplicate"
PAIRS_AT_ONCE = 20_000


@dataclass(frozen=True)
class Duplicates:
    """Dropped rows in ascending order.

    Attributes:
        rows: int64 [n].
        kept: the row that each repeats, int64 [n].
        similarities: Jaccard similarity to it, float32 [n].
        is_near: whether they differ in more than form, bool [n].
    """

    rows: np.ndarray
    kept: np.ndarray
    similarities: np.ndarray
    is_near: np.ndarray


class Deduplication:
    """Collects the rows of a table batch by batch, 28 bytes for each in memory.

    Args:
        params: `clean.deduplicate`.
        scratch: keeps what near deduplication needs.
    """

    def __init__(self, params: DeduplicateParams, scratch: Scratch) -> None:
        self.params, self.scratch = params, scratch
        self._identities = [np.zeros((0, len(IDENTITY)), np.uint64)]
        self._lengths = [np.zeros(0, np.int32)]

    def columns(self) -> dict[str, daft.Expression]:
        """Return the columns that `add` needs."""
        exact = identity() if self.params.exact else {}
        return exact | ({"near": near_features(self.params)} if self.params.near else {})

    def add(self, batch: pa.RecordBatch) -> None:
        """Collect the next rows."""
        if self.params.exact:
            self._identities.append(np.stack([batch[name].to_numpy() for name in IDENTITY], axis=1))
        if self.params.near:
            near = batch["near"]
            shingles = pc.struct_field(near, "shingles")
            bands = pc.list_flatten(pc.struct_field(near, "bands")).to_numpy().reshape(-1, self.params.bands)
            self.scratch.add(bands, pc.list_flatten(shingles).to_numpy(), pc.list_value_length(shingles).to_numpy())
            self._lengths.append(pc.struct_field(near, "answer_characters").to_numpy().astype(np.int32))

    def duplicates(self, takes_part: np.ndarray) -> Duplicates:
        """Return which of the rows are dropped; rows that are dropped already, bool [rows], take no part."""
        rows = np.flatnonzero(takes_part)
        exact = self._exact(rows) if self.params.exact else _none()
        near = self._near(np.setdiff1d(rows, exact.rows, assume_unique=True)) if self.params.near else _none()
        return _merged(exact, near, len(takes_part))

    def _exact(self, rows: np.ndarray) -> Matches:
        """Match each row to the first that equals it."""
        one, other = np.concatenate(self._identities)[rows].T
        order = np.lexsort((other, one))  # stable: the first of equal rows comes first
        is_first = np.ones(len(rows), bool)
        is_first[1:] = (np.diff(one[order]) != 0) | (np.diff(other[order]) != 0)
        first = rows[order][np.maximum.accumulate(np.where(is_first, np.arange(len(rows)), 0))]
        return Matches(rows[order][~is_first], first[~is_first], np.ones(np.count_nonzero(~is_first), np.float32))

    def _near(self, rows: np.ndarray) -> Matches:
        """Match rows to better ones: with a longer answer, or as long a one and an earlier place."""
        lengths = np.concatenate(self._lengths)
        best_first = np.argsort(-lengths, kind="stable")
        rank = np.empty(len(lengths), np.int64)
        rank[best_first] = np.arange(len(lengths))
        takes_part = np.isin(best_first, rows) & (self.scratch.sizes(best_first) > 0)
        pairs = candidate_pairs(self.scratch.bands(), best_first[takes_part])
        return keep_best(pairs, rank, self._similarities, self.params.threshold)

    def _similarities(self, pairs: np.ndarray) -> np.ndarray:
        parts = [self._compare(pairs[at : at + PAIRS_AT_ONCE]) for at in range(0, len(pairs), PAIRS_AT_ONCE)]
        return np.concatenate([*parts, np.zeros(0, np.float32)])

    def _compare(self, pairs: np.ndarray) -> np.ndarray:
        rows, place = np.unique(pairs, return_inverse=True)
        left, right = place.reshape(pairs.shape).T
        shingles = self.scratch.read(rows)
        sizes = np.diff(shingles.starts)
        return jaccard(common(shingles, left, shingles, right), sizes[left], sizes[right])


def _none() -> Matches:
    return Matches(np.zeros(0, np.int64), np.zeros(0, np.int64), np.zeros(0, np.float32))


def _merged(exact: Matches, near: Matches, rows: int) -> Duplicates:
    """Return both; an exact duplicate of a row that is dropped as a near one takes over its match."""
    kept, similarity = np.full(rows, -1), np.zeros(rows, np.float32)
    kept[near.rows], similarity[near.rows] = near.kept, near.similarities
    dropped_for = kept[exact.kept]
    is_near = dropped_for >= 0
    kept[exact.rows] = np.where(is_near, dropped_for, exact.kept)
    similarity[exact.rows] = np.where(is_near, similarity[exact.kept], exact.similarities)
    dropped = np.flatnonzero(kept >= 0)
    is_exact = np.zeros(rows, bool)
    is_exact[exact.rows] = ~is_near
    return Duplicates(dropped, kept[dropped], similarity[dropped], ~is_exact[dropped])
