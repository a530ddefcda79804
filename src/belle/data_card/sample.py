"""Choose rows by a hash of their ids: the same ones in every run, whatever stands around them."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pyarrow as pa


def digests(ids: pa.Array) -> np.ndarray:
    """Return the first eight bytes of the SHA-256 of every id: uint64 [n]."""
    return np.array(
        [int.from_bytes(hashlib.sha256((one or "").encode()).digest()[:8]) for one in ids.to_pylist()], np.uint64
    )


def chosen(digests: np.ndarray, wanted: int, rows: int) -> np.ndarray:
    """Return which rows are in a sample of about `wanted` of all `rows` rows; all when there are fewer: bool [n]."""
    if wanted >= rows:
        return np.ones(len(digests), bool)
    return digests < np.uint64(wanted * 2**64 // rows)


@dataclass
class Examples:
    """The rows with the smallest digests of each group.

    Attributes:
        count: how many of a group.
        rows: the group's digests and rows, smallest digest first.
    """

    count: int
    rows: dict[Any, list[tuple[int, dict[str, Any]]]] = field(default_factory=dict)

    def add(self, batch: pa.RecordBatch, groups: Sequence[Any], digests: np.ndarray) -> None:
        """Look at the rows of a batch; `groups` and `digests` have a value for each."""
        for group in dict.fromkeys(groups):
            found = self.rows.setdefault(group, [])
            places = np.flatnonzero([one == group for one in groups])
            places = places[np.argsort(digests[places], kind="stable")][: self.count]
            rows = batch.take(pa.array(places)).to_pylist()
            found += zip(digests[places].tolist(), rows, strict=True)
            found.sort(key=lambda pair: pair[0])
            del found[self.count :]
