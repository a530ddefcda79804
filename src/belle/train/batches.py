"""Which packed sequences are computed together: the same batches on any hardware, in the same order."""

from collections.abc import Iterator

import numpy as np
import torch
from torch.utils.data import Dataset, Sampler

from belle.config.hardware import HardwareProfile
from belle.data.packed_dataset import PackedDataset, PackedSequence

EMPTY = PackedSequence(np.zeros(1, np.int32), np.zeros(1, np.bool_), np.ones(1, np.int64), np.zeros(0, np.int64))
"""A sequence that adds nothing to loss or gradients: one token, not in the loss."""


def micro_batch_size(batch_size: int, hardware: HardwareProfile) -> int:
    """Return the packed sequences per forward pass and process: at most the profile's, and a divisor of the share.

    The share of a process is batch_size / world_size, which `belle check` keeps whole.
    """
    share = batch_size // hardware.world_size
    return next(size for size in range(min(share, hardware.micro_batch_size), 0, -1) if share % size == 0)


class EvenDataset(Dataset):
    """Packed sequences, and behind them empty ones, so that every process gets as many.

    Args:
        packed: the sequences.
        multiple: what the length is a multiple of, the sequences that all processes compute at once.
    """

    def __init__(self, packed: PackedDataset, multiple: int) -> None:
        self.packed, self.length = packed, -(-len(packed) // multiple) * multiple

    def __len__(self) -> int:
        return self.length

    def __getitem__(self, index: int) -> PackedSequence:
        return self.packed[index] if index < len(self.packed) else EMPTY


class EpochSampler(Sampler[int]):
    """Another order of the sequences in every epoch, the empty ones last.

    The order depends on seed, epoch and number of sequences alone, not on the number of processes.

    Args:
        dataset: what is sampled from.
        seed: of the order.
    """

    def __init__(self, dataset: EvenDataset, seed: int) -> None:
        self.dataset, self.seed, self.epoch = dataset, seed, 0

    def __len__(self) -> int:
        return len(self.dataset)

    def __iter__(self) -> Iterator[int]:
        generator = torch.Generator().manual_seed(self.seed + self.epoch)
        sequences = len(self.dataset.packed)
        yield from torch.randperm(sequences, generator=generator).tolist()
        yield from range(sequences, len(self.dataset))

    def set_epoch(self, epoch: int) -> None:
        """Choose the epoch, counted from 0, whose order comes next."""
        self.epoch = epoch
