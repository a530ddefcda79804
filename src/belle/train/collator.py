"""Packed rows to model inputs, with no way for one segment to see or predict another."""

from collections.abc import Iterator

import numpy as np
import torch
from torch.nn.functional import pad
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
    """Lays all segments of a batch end to end, for models whose attention takes segment borders.

    Segments come by length, because attention computes neighbours of equal length at once. Logits are asked for
    only where a label follows: in tuning four of five tokens are prompt, and logits are the widest tensor there is.
    """

    def __call__(self, rows: list[PackedRow]) -> dict[str, torch.Tensor | int]:
        """Return the inputs of one forward pass.

        `input_ids`, `labels`, `position_ids`: int64 [1, tokens]. `logits_to_keep`: int64 [kept], the positions that
        predict a label; `shift_labels`: int64 [1, kept], those labels. `cu_seq_lens_*`: int32 [segments + 1].
        """
        segments = sorted(_segments(rows), key=lambda segment: len(segment[0]))
        ids, labels = (torch.cat(column) for column in zip(*segments, strict=True))
        lengths = torch.tensor([len(ids) for ids, _ in segments])
        starts = pad(lengths.cumsum(0), (1, 0)).int()
        predicted = (labels != IGNORED).nonzero()[:, 0]
        return {
            "input_ids": ids[None],
            "labels": labels[None],
            "position_ids": torch.cat([torch.arange(length) for length in lengths.tolist()])[None],
            "logits_to_keep": predicted - 1,
            "shift_labels": labels[predicted][None],
            "cu_seq_lens_q": starts,
            "cu_seq_lens_k": starts,
            "max_length_q": int(lengths.max()),
            "max_length_k": int(lengths.max()),
        }


class PaddedCollator:
    """Gives every segment a padded line of its own, for models without a replaceable attention (BLOOM)."""

    def __call__(self, rows: list[PackedRow]) -> dict[str, torch.Tensor]:
        """Return input_ids, labels, attention_mask: int64 [segments, longest]; padding is id 0, mask 0."""
        ids, labels = zip(*_segments(rows), strict=True)
        return {
            "input_ids": pad_sequence(ids, batch_first=True),
            "labels": pad_sequence(labels, batch_first=True, padding_value=IGNORED),
            "attention_mask": pad_sequence([torch.ones_like(part) for part in ids], batch_first=True),
        }


def _segments(rows: list[PackedRow]) -> Iterator[tuple[torch.Tensor, torch.Tensor]]:
    """Ids and labels of every segment."""
    for row in rows:
        lengths = row.lengths.tolist()
        ids, labels = torch.from_numpy(row.ids.astype(np.int64)), torch.from_numpy(labels_of(row))
        yield from zip(ids.split(lengths), labels.split(lengths), strict=True)
