"""Collate packed sequences so that no segment attends to, or is predicted from, another."""

from collections.abc import Iterator

import numpy as np
import torch
from torch.nn.functional import pad

from belle.data.packed_dataset import PackedSequence

IGNORED = -100
"""Label of a token that is not in the loss (the default of torch's cross-entropy)."""


def labels_of(sequence: PackedSequence) -> np.ndarray:
    """Return the labels of a sequence: int64 [tokens], its ids where the loss mask is set, `IGNORED` elsewhere.

    The first token of every segment is ignored: it would be predicted from the segment before it.
    """
    labels = np.where(sequence.loss_mask, sequence.ids, IGNORED).astype(np.int64)
    labels[np.cumsum(sequence.lengths) - sequence.lengths] = IGNORED
    return labels


class FlatCollator:
    """Lays all segments of a batch end to end, for models whose attention takes segment borders.

    Segments are sorted by length, because attention computes neighbors of equal length in one call. Logits are computed
    only where a label follows: in fine-tuning four of five tokens are prompt, and logits are the widest tensor. For
    these two, this is not transformers' `DataCollatorWithFlattening`. Segments B, A of lengths 2 and 3:

        input_ids       b0 b1 a0 a1 a2
        position_ids     0  1  0  1  2
        labels           . b1  . a1 a2     (. is IGNORED)
        logits_to_keep   0     2  3
        cu_seq_lens      0     2        5
    """

    def __call__(self, sequences: list[PackedSequence]) -> dict[str, torch.Tensor | int]:
        """Return the inputs of one forward pass.

        `input_ids`, `labels`, `position_ids`: int64 [1, tokens]. `logits_to_keep`: int64 [kept], the positions that
        predict a label; `shift_labels`: int64 [1, kept], those labels. `cu_seq_lens_*`: int32 [segments + 1].
        """
        segments = sorted(_segments(sequences), key=lambda segment: len(segment[0]))
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


class PaddedCollator(FlatCollator):
    """The flat batch for models whose attention cannot be replaced (BLOOM); see belle.train.padded."""

    def __call__(self, sequences: list[PackedSequence]) -> dict[str, torch.Tensor | int]:
        """Return the inputs of one forward pass; `attention_mask` are the segment starts, int32 [segments + 1]."""
        batch = super().__call__(sequences)
        kept = {name: batch[name] for name in ("input_ids", "labels", "logits_to_keep", "shift_labels")}
        return kept | {"attention_mask": batch["cu_seq_lens_q"]}


def _segments(sequences: list[PackedSequence]) -> Iterator[tuple[torch.Tensor, torch.Tensor]]:
    """Yield ids and labels of every segment."""
    for sequence in sequences:
        lengths = sequence.lengths.tolist()
        ids, labels = torch.from_numpy(sequence.ids.astype(np.int64)), torch.from_numpy(labels_of(sequence))
        yield from zip(ids.split(lengths), labels.split(lengths), strict=True)
