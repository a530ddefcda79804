"""Cut batches by what they weigh, so that memory follows neither their rows nor the length of a text."""

from collections.abc import Iterator

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

BYTES_AT_ONCE = 2 << 20
"""Of text: what is computed from it takes some twenty times as much for a moment."""


def row_slices(lists: pa.Array) -> Iterator[slice]:
    """Cut rows, lists of texts or messages, into slices of about `BYTES_AT_ONCE`; one empty slice of no row."""
    texts = pc.list_flatten(lists)
    texts = pc.struct_field(texts, "content") if pa.types.is_struct(texts.type) else texts
    ends = np.concatenate([[0], np.cumsum(pc.fill_null(pc.binary_length(texts), 0))])
    yield from slices(np.diff(ends[offsets(lists)]), BYTES_AT_ONCE) if len(lists) else [slice(0, 0)]


def offsets(lists: pa.Array) -> np.ndarray:
    """Return where each list starts in the flat array, and where the last ends: int64 [n + 1]; null is empty."""
    lengths = pc.fill_null(pc.list_value_length(lists), 0).to_numpy(zero_copy_only=False)
    return np.concatenate([[0], np.cumsum(lengths, dtype=np.int64)])


def slices(sizes: np.ndarray, limit: int) -> Iterator[slice]:
    """Cut a list into slices whose sizes add up to no more than `limit`, at least one entry each."""
    ends = np.cumsum(sizes)
    begin = 0
    while begin < len(sizes):
        done = ends[begin - 1] if begin else 0
        end = max(begin + 1, int(np.searchsorted(ends, done + limit, side="right")))
        yield slice(begin, end)
        begin = end
