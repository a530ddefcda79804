"""Packed tokens on disk, memory-mapped: written in constant memory, read row by row.

A directory holds four arrays. Segments (conversations, texts) follow one another in `ids.npy` and `trained.npy`;
`segments.npy` says where each begins, `rows.npy` which segments share a row.
"""

from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Literal, Self

import numpy as np

from belle.errors import UserError
from belle.tokenizer.packing import pack, packing_order


@dataclass(frozen=True)
class PackedRow:
    """One row of a batch.

    Attributes:
        ids: int32 [tokens].
        trained: bool [tokens], which tokens count in the loss.
        lengths: int64 [segments], tokens of each segment; they add up to the row.
    """

    ids: np.ndarray
    trained: np.ndarray
    lengths: np.ndarray


class TokenRows:
    """Read-only view of a directory written by `TokenWriter`.

    Raises:
        UserError: a file is missing or cut off.
    """

    def __init__(self, directory: Path) -> None:
        self.ids = _load(directory / "ids.npy", mmap_mode="r")
        self.trained = _load(directory / "trained.npy", mmap_mode="r")
        self.segments = _load(directory / "segments.npy")
        self.rows = _load(directory / "rows.npy")

    def __len__(self) -> int:
        return len(self.rows) - 1

    def __getitem__(self, row: int) -> PackedRow:
        starts = self.segments[self.rows[row] : self.rows[row + 1] + 1]
        span = slice(starts[0], starts[-1])
        return PackedRow(np.array(self.ids[span]), np.array(self.trained[span]), np.diff(starts))


class TokenWriter:
    """Collects segments in arrival order, then writes them packed.

    Args:
        directory: existing directory that receives the arrays.
        capacity: tokens of a row.
        seed: of the shuffle before packing.
    """

    def __init__(self, directory: Path, capacity: int, seed: int) -> None:
        self.directory, self.capacity, self.seed = directory, capacity, seed
        self._lengths: list[int] = []
        self._loose = directory / "loose.tokens"
        self._stream = self._loose.open("wb")

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._stream.close()
        if error is None:
            self._write_packed()
        self._loose.unlink()

    def add(self, ids: np.ndarray, trained: np.ndarray) -> None:
        """Add one segment. Args: ids: int32 [tokens]. trained: bool [tokens]."""
        # one integer a token: the id doubled, odd when it is trained on
        self._stream.write((ids.astype(np.int64) * 2 + trained).tobytes())
        self._lengths.append(len(ids))

    def _write_packed(self) -> None:
        lengths = np.array(self._lengths, dtype=np.int64)
        order = packing_order(lengths, self.capacity, self.seed)
        rows = pack((int(length) for length in lengths[order]), self.capacity)
        placed = np.array([order[item] for row in rows for item in row], dtype=np.int64)
        np.save(self.directory / "rows.npy", _offsets([len(row) for row in rows]))
        np.save(self.directory / "segments.npy", _offsets(lengths[placed]))
        self._copy(placed, lengths)

    def _copy(self, placed: np.ndarray, lengths: np.ndarray) -> None:
        starts, total = _offsets(lengths), int(lengths.sum())
        ids = _create(self.directory / "ids.npy", np.int32, total)
        trained = _create(self.directory / "trained.npy", np.bool_, total)
        if not total:
            return
        loose = np.memmap(self._loose, dtype=np.int64, mode="r")
        at = 0
        for segment in placed:
            tokens = loose[starts[segment] : starts[segment + 1]]
            ids[at : at + len(tokens)], trained[at : at + len(tokens)] = tokens >> 1, tokens & 1
            at += len(tokens)
        ids.flush()
        trained.flush()


def _load(path: Path, mmap_mode: Literal["r"] | None = None) -> np.ndarray:
    try:
        return np.load(path, mmap_mode)
    except (OSError, ValueError, EOFError) as error:
        raise UserError(f"{path}: cannot be read: {' '.join(str(error).split())}; run `dvc repro tokenize`") from error


def _offsets(lengths: np.ndarray | list[int]) -> np.ndarray:
    return np.concatenate([[0], np.cumsum(lengths, dtype=np.int64)]).astype(np.int64)


def _create(path: Path, dtype: type, count: int) -> np.ndarray:
    if count == 0:
        np.save(path, np.empty(0, dtype))
        return np.load(path)
    return np.lib.format.open_memmap(path, mode="w+", dtype=dtype, shape=(count,))
