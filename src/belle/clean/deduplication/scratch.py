"""What near deduplication keeps of every row, on disk: the bands of its signature and its distinct shingles.

In memory stay eight bytes per row; a band is read when its turn comes, the shingles of the rows that are compared.
"""

import os
from collections.abc import Iterator
from pathlib import Path
from types import TracebackType
from typing import BinaryIO, Self

import numpy as np

from belle.clean.deduplication.shingles import Shingles


class Scratch:
    """Files that grow by batches of rows, to be opened with `with`; the caller deletes their folder.

    Args:
        folder: exists, and gets the files.
        bands: of a signature.
    """

    def __init__(self, folder: Path, bands: int) -> None:
        self._bands = [(folder / f"band-{band}").open("w+b") for band in range(bands)]
        self._shingles: BinaryIO = (folder / "shingles").open("w+b")
        self._counts: list[np.ndarray] = []
        self._starts = np.zeros(1, np.int64)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type | None, error: BaseException | None, trace: TracebackType | None) -> None:
        for file in (*self._bands, self._shingles):
            file.close()

    def add(self, bands: np.ndarray, shingles: np.ndarray, counts: np.ndarray) -> None:
        """Append rows.

        Args:
            bands: uint64 [rows, bands].
            shingles: distinct ones, row by row, uint32 [shingles].
            counts: shingles of each row, int64 [rows].
        """
        for file, values in zip(self._bands, bands.T, strict=True):
            file.write(values.tobytes())
        self._shingles.write(shingles.tobytes())
        self._counts.append(counts.astype(np.uint32))

    def bands(self) -> Iterator[np.ndarray]:
        """Yield each band of all rows: uint64 [rows]."""
        for file in self._bands:
            file.flush()
            yield np.fromfile(file.name, np.uint64)

    def sizes(self, rows: np.ndarray) -> np.ndarray:
        """Return how many distinct shingles rows have: int64 [n] → int64 [n]."""
        starts = self._all_starts()
        return starts[rows + 1] - starts[rows]

    def read(self, rows: np.ndarray) -> Shingles:
        """Return the distinct shingles of some rows."""
        self._shingles.flush()
        begins, sizes = self._all_starts()[rows], self.sizes(rows)
        handle = self._shingles.fileno()
        parts = [os.pread(handle, 4 * size, 4 * at) for at, size in zip(begins.tolist(), sizes.tolist(), strict=True)]
        return Shingles(np.frombuffer(b"".join(parts), np.uint32), np.concatenate([[0], np.cumsum(sizes)]))

    def _all_starts(self) -> np.ndarray:
        if self._counts:
            ends = self._starts[-1] + np.cumsum(np.concatenate(self._counts), dtype=np.int64)
            self._starts = np.concatenate([self._starts, ends])
            self._counts = []
        return self._starts
