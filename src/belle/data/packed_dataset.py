"""Packed sequences on disk, memory-mapped: written in constant memory, read one by one.

A directory holds five arrays. Segments (conversations, texts) follow one another in `ids.npy` and `loss_mask.npy`;
`segments.npy` says where each begins, `rows.npy` which row of its table it comes from, `sequences.npy` which segments
share a packed sequence. Two sequences:

    ids.npy        int32 [tokens]         | Q Q A A | Q A || Q Q Q A |
    loss_mask.npy  bool  [tokens]         | 0 0 1 1 | 0 1 || 0 0 0 1 |
    segments.npy   int64 [segments + 1]     0         4      6         10
    rows.npy       int64 [segments]       | 7       | 2   || 0       |
    sequences.npy  int64 [sequences + 1]    0                2         3   (indices into segments.npy)
"""

from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import BinaryIO, Literal, Self

import numpy as np
from numpy.lib.format import dtype_to_descr, write_array_header_1_0

from belle.data.packing import pack, packing_order
from belle.errors import UserError

SEGMENTS_AT_ONCE = 1000
"""Copied at a time to their places."""


@dataclass(frozen=True)
class PackedSequence:
    """Segments that share one sequence of at most `max_length` tokens.

    Attributes:
        ids: int32 [tokens].
        loss_mask: bool [tokens], which tokens are in the loss.
        lengths: int64 [segments], tokens of each segment; they add up to `tokens`.
        rows: int64 [segments], the row of the table that each segment comes from.
    """

    ids: np.ndarray
    loss_mask: np.ndarray
    lengths: np.ndarray
    rows: np.ndarray


class PackedDataset:
    """Read-only view of a directory written by `PackedDatasetWriter`; its items are `PackedSequence`s.

    Args:
        directory: holds the five arrays.

    Raises:
        UserError: a file is missing or cut off.
    """

    def __init__(self, directory: Path) -> None:
        self.ids = _load(directory / "ids.npy", mmap_mode="r")
        self.loss_mask = _load(directory / "loss_mask.npy", mmap_mode="r")
        self.segments = _load(directory / "segments.npy")
        self.rows = _load(directory / "rows.npy")
        self.sequences = _load(directory / "sequences.npy")

    def __len__(self) -> int:
        return len(self.sequences) - 1

    def __getitem__(self, index: int) -> PackedSequence:
        first, end = self.sequences[index], self.sequences[index + 1]
        starts = self.segments[first : end + 1]
        span = slice(starts[0], starts[-1])
        ids, loss_mask = np.array(self.ids[span]), np.array(self.loss_mask[span])
        return PackedSequence(ids, loss_mask, np.diff(starts), self.rows[first:end])


class PackedDatasetWriter:
    """Collects segments in arrival order and writes them packed when its `with` block succeeds.

    Args:
        directory: existing directory that receives the arrays.
        max_length: most tokens of a packed sequence.
        seed: of the shuffle before packing.
    """

    def __init__(self, directory: Path, max_length: int, seed: int) -> None:
        self.directory, self.max_length, self.seed = directory, max_length, seed
        self._lengths: list[int] = []
        self._rows: list[int] = []
        self._unpacked = directory / "unpacked.tokens"
        self._stream = self._unpacked.open("wb")

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._stream.close()
        if error is None:
            self._write_packed()
        self._unpacked.unlink()

    def add(self, ids: np.ndarray, loss_mask: np.ndarray, row: int) -> None:
        """Add one segment.

        Args:
            ids: int32 [tokens].
            loss_mask: bool [tokens].
            row: of the table it comes from, counted from 0.
        """
        # one integer per token: the id doubled, odd when it is in the loss
        self._stream.write((ids * 2 + loss_mask).tobytes())
        self._lengths.append(len(ids))
        self._rows.append(row)

    def _write_packed(self) -> None:
        lengths = np.array(self._lengths, dtype=np.int64)
        order = packing_order(lengths, self.max_length, self.seed)
        sequences = pack((int(length) for length in lengths[order]), self.max_length)
        placed = np.array([order[item] for sequence in sequences for item in sequence], dtype=np.int64)
        np.save(self.directory / "sequences.npy", _offsets([len(sequence) for sequence in sequences]))
        np.save(self.directory / "segments.npy", _offsets(lengths[placed]))
        np.save(self.directory / "rows.npy", np.array(self._rows, dtype=np.int64)[placed])
        self._copy(placed, lengths)

    def _copy(self, placed: np.ndarray, lengths: np.ndarray) -> None:
        starts, total = _offsets(lengths), int(lengths.sum())
        # written as files, not through a map: on a full disk that is an error, and a map kills the process
        with (
            _array_file(self.directory / "ids.npy", np.int32, total) as ids,
            _array_file(self.directory / "loss_mask.npy", np.bool_, total) as loss_mask,
        ):
            # no memory can be mapped to an empty file
            unpacked = np.asarray(np.memmap(self._unpacked, np.int32, "r")) if total else np.empty(0, np.int32)
            for begin in range(0, len(placed), SEGMENTS_AT_ONCE):
                segments = placed[begin : begin + SEGMENTS_AT_ONCE]
                counts = lengths[segments]
                shifts = starts[segments] - (np.cumsum(counts) - counts)
                tokens = unpacked[np.arange(counts.sum()) + np.repeat(shifts, counts)]
                ids.write((tokens >> 1).tobytes())
                loss_mask.write((tokens & 1).astype(np.bool_).tobytes())


def _array_file(path: Path, dtype: type[np.generic], length: int) -> BinaryIO:
    """Open a .npy file of `length` elements, to which their bytes are to be written."""
    stream = path.open("wb")
    write_array_header_1_0(
        stream, {"descr": dtype_to_descr(np.dtype(dtype)), "fortran_order": False, "shape": (length,)}
    )
    return stream


def _load(path: Path, mmap_mode: Literal["r"] | None = None) -> np.ndarray:
    try:
        return np.load(path, mmap_mode)
    except (OSError, ValueError, EOFError) as error:
        raise UserError(f"{path}: cannot be read: {' '.join(str(error).split())}; run `dvc repro tokenize`") from error


def _offsets(lengths: np.ndarray | list[int]) -> np.ndarray:
    return np.concatenate([[0], np.cumsum(lengths, dtype=np.int64)]).astype(np.int64)
