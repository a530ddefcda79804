"""The quantizers, chosen by the first part of a scheme's name; each takes the parameters it needs.

A new one is a module of its own and one more function here and in `QUANTIZERS` (its schemes are named in
`belle.config.quantize`, what runs its models in `belle.evaluate.backends.load`).
"""

from collections.abc import Callable
from pathlib import Path

import numpy as np

from belle.config.quantize import QuantizeParams
from belle.data.packed_dataset import PackedDataset
from belle.errors import UserError


def quantize(scheme: str, checkpoint: Path, tokens: Path, params: QuantizeParams, out: Path) -> None:
    """Quantize a checkpoint.

    Args:
        scheme: as in `gptq-int4`, one of `params.schemes`.
        checkpoint: the unquantized model.
        tokens: packed training conversations, to calibrate on.
        params: section `quantize`.
        out: existing directory that receives the quantized model.

    Raises:
        UserError: a model that the scheme does not support.
    """
    family, _, kind = scheme.partition("-")
    QUANTIZERS[family](kind, checkpoint, tokens, params, out)


def _gptq(kind: str, checkpoint: Path, tokens: Path, params: QuantizeParams, out: Path) -> None:
    from belle.quantize.gptq import quantize_gptq

    samples = calibration_samples(tokens, params.calibration.samples)
    quantize_gptq(checkpoint, int(kind.removeprefix("int")), params.gptq, samples, out)


def _gguf(kind: str, checkpoint: Path, tokens: Path, params: QuantizeParams, out: Path) -> None:
    from belle.quantize.gguf.quantize import quantize_gguf

    quantize_gguf(checkpoint, kind, out)


Quantizer = Callable[[str, Path, Path, QuantizeParams, Path], None]

QUANTIZERS: dict[str, Quantizer] = {"gptq": _gptq, "gguf": _gguf}
"""First part of a scheme's name to its quantizer; it is given the rest of the name (`int4`, `q4_0`)."""


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
