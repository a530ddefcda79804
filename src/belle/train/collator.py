"""Packed rows to model inputs, with no way for one segment to see or predict another."""

from dataclasses import dataclass

import numpy as np
import torch
from torch.nn.utils.rnn import pad_sequence

from belle.tokenizer.token_rows import PackedRow

IGNORED = -100
"""Label of a token that does not count in the loss (torch's cross-entropy default)."""


def labels_of(row: PackedRow) -> np.ndarray:
    """Labels of a row: int64 [tokens], its ids where trained on, `IGNORED` elsewhere.

    The first token of every segment is ignored: it would be predicted from the segment before it.
    """
    labels = np.where(row.trained, row.ids, IGNORED).astype(np.int64)
    labels[np.cumsum(row.lengths) - row.lengths] = IGNORED
    return labels


class FlatCollator:
    """Lays all rows of a batch end to end, for models whose attention takes segment borders."""

    def __call__(self, rows: list[PackedRow]) -> dict[str, torch.Tensor | int]:
        """Return input_ids, labels, position_ids: int64 [1, tokens]; cu_seq_lens_*: int32 [segments + 1]."""
        lengths = np.concatenate([row.lengths for row in rows])
        starts = torch.from_numpy(np.concatenate([[0], np.cumsum(lengths)]).astype(np.int32))
        longest = int(lengths.max())
        return {
            "input_ids": _long(np.concatenate([row.ids for row in rows]))[None],
            "labels": _long(np.concatenate([labels_of(row) for row in rows]))[None],
            "position_ids": torch.cat([torch.arange(int(length)) for length in lengths])[None],
            "cu_seq_lens_q": starts,
            "cu_seq_lens_k": starts,
            "max_length_q": longest,
            "max_length_k": longest,
        }


@dataclass(frozen=True)
class PaddedCollator:
    """Gives every segment a padded line of its own, for models without a replaceable attention (BLOOM)."""

    pad_id: int

    def __call__(self, rows: list[PackedRow]) -> dict[str, torch.Tensor]:
        """Return input_ids, labels, attention_mask: int64 [segments, longest]."""
        ids = [part for row in rows for part in _segments(row.ids, row)]
        labels = [part for row in rows for part in _segments(labels_of(row), row)]
        return {
            "input_ids": pad_sequence(ids, batch_first=True, padding_value=self.pad_id),
            "labels": pad_sequence(labels, batch_first=True, padding_value=IGNORED),
            "attention_mask": pad_sequence([torch.ones_like(part) for part in ids], batch_first=True),
        }


def _segments(values: np.ndarray, row: PackedRow) -> list[torch.Tensor]:
    return list(_long(values).split(row.lengths.tolist()))


def _long(values: np.ndarray) -> torch.Tensor:
    return torch.from_numpy(values.astype(np.int64))
