"""The quantizers, chosen by the first part of a scheme's name; each reads the parameters it needs.

A new one is a module of its own and one more function here and in `QUANTIZERS` (its schemes are named in
`belle.config.quantize`, what runs its models in `belle.evaluate.quantized`).
"""

from collections.abc import Callable
from pathlib import Path

from belle.config.quantize import GGUF_SCHEMES, GPTQ_SCHEMES, CalibrationParams, GptqParams
from belle.config.section import load_params
from belle.errors import UserError

TRAINING_TOKENS = Path("data/tokens/train")


def quantize(scheme: str, link: Path, out: Path) -> None:
    """Quantize a link of the model chain into the existing directory `out`.

    Raises:
        UserError: an unknown scheme, or a model that it does not support.
    """
    if scheme not in (known := (*GPTQ_SCHEMES, *GGUF_SCHEMES)):
        raise UserError(f"params.yaml: quantize.schemes: {scheme}: unknown; known schemes: {', '.join(known)}")
    family, _, kind = scheme.partition("-")
    QUANTIZERS[family](kind, link, out)


def _gptq(kind: str, link: Path, out: Path) -> None:
    from belle.quantize.calibration import calibration_rows
    from belle.quantize.gptq import quantize_gptq

    params = load_params(GptqParams, "quantize.gptq")
    rows = calibration_rows(TRAINING_TOKENS, load_params(CalibrationParams, "quantize.calibration").rows)
    quantize_gptq(link, int(kind.removeprefix("int")), params, rows, out)


def _gguf(kind: str, link: Path, out: Path) -> None:
    from belle.quantize.gguf.scheme import quantize_gguf

    quantize_gguf(link, kind, out)


QUANTIZERS: dict[str, Callable[[str, Path, Path], None]] = {"gptq": _gptq, "gguf": _gguf}
"""First part of a scheme's name to its quantizer: (rest of the name, model, output directory)."""
