"""The calibration samples of GPTQ: training conversations on which activations are measured."""

import sys
from pathlib import Path

import numpy as np

from belle.config.quantize import CalibrationParams
from belle.data.packed_dataset import PackedDataset
from belle.errors import UserError

TOO_SHORT = 10
"""Tokens of a sample that gptqmodel 7.6 leaves out, whatever minimum it is given."""


def calibration_samples(tokens: Path, params: CalibrationParams) -> list[list[int]]:
    """Return the token ids of whole conversations, spread evenly over those in `tokens` that are long enough.

    There are `params.samples` of them, or as many as it takes to reach `params.tokens`; all when that is not enough.

    Args:
        tokens: packed training conversations.
        params: section `quantize.calibration`.

    Raises:
        UserError: there are none.
    """
    packed = PackedDataset(tokens)
    lengths = np.diff(packed.segments)
    usable = np.flatnonzero(lengths > TOO_SHORT)
    if len(usable) == 0:
        raise UserError(
            f"{tokens}: none of its {len(lengths)} training conversations has more than {TOO_SHORT} tokens, as GPTQ "
            "needs to calibrate on; add longer ones to data.sources in params.yaml, or see why `tokenize` dropped them"
        )
    chosen, wanted = usable[_spread(params.samples, len(usable))], params.tokens or 0
    while (found := int(lengths[chosen].sum())) < wanted and len(chosen) < len(usable):
        # as many as it takes at this mean length, and one more at least
        count = max(len(chosen) + 1, -(-len(chosen) * wanted // found))
        chosen = usable[_spread(count, len(usable))]
    if found < wanted:
        print(
            f"note: {tokens}: {found} tokens to calibrate on: all there are, fewer than quantize.calibration.tokens "
            f"asks for ({wanted})",
            file=sys.stderr,
        )
    return [packed.ids[packed.segments[index] : packed.segments[index + 1]].tolist() for index in chosen]


def _spread(count: int, total: int) -> np.ndarray:
    """Return `count` indices below `total`, evenly spread; all of them when there are fewer."""
    count = min(count, total)
    return np.arange(count) * total // count
