"""The quantizers, chosen by the first part of a scheme's name; each takes the parameters it needs.

A new one is a module of its own and one more function here and in `QUANTIZERS` (its schemes are named in
`belle.config.quantize`, what runs its models in `belle.evaluate.backends.load`).
"""

from collections.abc import Callable
from pathlib import Path

from belle.config.quantize import QuantizeParams


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
    from belle.quantize.calibration import calibration_samples
    from belle.quantize.gptq import quantize_gptq

    samples = calibration_samples(tokens, params.calibration)
    quantize_gptq(checkpoint, int(kind.removeprefix("int")), params.gptq, samples, out)


def _gguf(kind: str, checkpoint: Path, tokens: Path, params: QuantizeParams, out: Path) -> None:
    from belle.quantize.gguf.quantize import quantize_gguf

    quantize_gguf(checkpoint, kind, out)


Quantizer = Callable[[str, Path, Path, QuantizeParams, Path], None]

QUANTIZERS: dict[str, Quantizer] = {"gptq": _gptq, "gguf": _gguf}
"""First part of a scheme's name to its quantizer; it is given the rest of the name (`int4`, `q4_0`)."""
