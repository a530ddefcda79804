"""Samples that GPTQ measures activations on: the project's own training conversations, as they were trained on."""

from pathlib import Path

import numpy as np

from belle.data.packed_dataset import PackedDataset
from belle.errors import UserError


def calibration_samples(tokens: Path, count: int) -> list[list[int]]:
    """Return the token ids of `count` conversations, spread evenly over those in `tokens`; of all when fewer.

    Raises:
        UserError: there are none.
    """
    packed = PackedDataset(tokens)
    segments = len(packed.segments) - 1
    if segments == 0:
        raise UserError(f"{tokens}: no training conversations to calibrate on; see why `tokenize` dropped them")
    chosen = np.arange(min(count, segments)) * segments // min(count, segments)
    return [packed.ids[packed.segments[index] : packed.segments[index + 1]].tolist() for index in chosen]
