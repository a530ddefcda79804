"""Load a quantized variant with the library that runs it."""

from pathlib import Path

from belle.errors import UserError
from belle.evaluate.backends.backend import Backend


def load_quantized(scheme: str, directory: Path, batch_size: int, context_length: int) -> Backend:
    """Load models/quantized/SCHEME with the backend that the first part of the scheme's name stands for.

    Args:
        scheme: as in `gptq-int4`.
        directory: the quantized model.
        batch_size: questions decoded at once, where the backend batches.
        context_length: most tokens of a prompt and its answer together.

    Raises:
        UserError: no backend for this scheme, or files that cannot be read.
    """
    match scheme.split("-")[0]:
        case "gptq":
            from belle.evaluate.backends.gptq import load_gptq

            return load_gptq(directory, batch_size)
        case "gguf":
            from belle.evaluate.backends.llama_cpp import LlamaCppModel

            return LlamaCppModel(directory / "model.gguf", context_length=context_length, threads=None)
    raise UserError(f"{scheme}: no backend runs this scheme")
