"""The `gguf-TYPE` schemes: a link of the model chain to one GGUF file."""

from pathlib import Path
from tempfile import TemporaryDirectory

from belle.quantize.gguf.llama_quantize import quantize_file
from belle.quantize.gguf.writer import TYPES, write_gguf
from belle.tokenizer.load import load_tokenizer
from belle.weights.models import load_model

FILE = "model.gguf"


def quantize_gguf(link: Path, kind: str, out: Path) -> None:
    """Write `model.gguf` of type `kind` (`f16`, `q4_0`, …) into the existing directory `out`.

    Adapters are merged in fp32. Types of fewer bits are made by llama.cpp from a temporary fp32 file, so that
    nothing is rounded twice.

    Raises:
        UserError: a model, tokenizer or type that does not fit llama.cpp.
    """
    model, tokenizer = load_model(link), load_tokenizer(link)
    if kind in TYPES:
        return write_gguf(model, tokenizer, out / FILE, kind)
    with TemporaryDirectory(dir=out, prefix=".f32-") as scratch:
        plain = Path(scratch) / FILE
        write_gguf(model, tokenizer, plain, "f32")
        del model
        quantize_file(plain, out / FILE, kind)
