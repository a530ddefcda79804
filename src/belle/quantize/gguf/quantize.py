"""The `gguf-TYPE` schemes: a checkpoint of the model chain to one GGUF file, quantized by llama.cpp itself."""

import ctypes
import os
import shutil
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

import gguf
import llama_cpp

from belle.checkpoints.models import load_model
from belle.config.quantize import block_size
from belle.errors import UserError
from belle.files import fresh_file
from belle.libraries.llama_cpp_log import llama_errors, quiet_llama
from belle.quantize.gguf.writer import TYPES, write_gguf
from belle.tokenizer.load import load_tokenizer

FILE = "model.gguf"
FILE_TYPES = {
    "q8_0": llama_cpp.LLAMA_FTYPE_MOSTLY_Q8_0,
    "q4_0": llama_cpp.LLAMA_FTYPE_MOSTLY_Q4_0,
    "q4_1": llama_cpp.LLAMA_FTYPE_MOSTLY_Q4_1,
    "q5_0": llama_cpp.LLAMA_FTYPE_MOSTLY_Q5_0,
    "q5_1": llama_cpp.LLAMA_FTYPE_MOSTLY_Q5_1,
    "q2_k": llama_cpp.LLAMA_FTYPE_MOSTLY_Q2_K,
    "q3_k_s": llama_cpp.LLAMA_FTYPE_MOSTLY_Q3_K_S,
    "q3_k_m": llama_cpp.LLAMA_FTYPE_MOSTLY_Q3_K_M,
    "q3_k_l": llama_cpp.LLAMA_FTYPE_MOSTLY_Q3_K_L,
    "q4_k_s": llama_cpp.LLAMA_FTYPE_MOSTLY_Q4_K_S,
    "q4_k_m": llama_cpp.LLAMA_FTYPE_MOSTLY_Q4_K_M,
    "q5_k_s": llama_cpp.LLAMA_FTYPE_MOSTLY_Q5_K_S,
    "q5_k_m": llama_cpp.LLAMA_FTYPE_MOSTLY_Q5_K_M,
    "q6_k": llama_cpp.LLAMA_FTYPE_MOSTLY_Q6_K,
}


def quantize_gguf(checkpoint: Path, kind: str, out: Path) -> None:
    """Write `model.gguf` of type `kind` (`f16`, `q4_0`, …) into the existing directory `out`.

    Adapters are merged in fp32. Types of fewer bits are made by llama.cpp from a temporary fp32 file, so that
    nothing is rounded twice.

    Raises:
        UserError: a model, tokenizer or type that does not fit llama.cpp.
    """
    model, tokenizer = load_model(checkpoint), load_tokenizer(checkpoint)
    if kind in TYPES:
        return write_gguf(model, tokenizer, out / FILE, kind)
    with TemporaryDirectory(dir=out, prefix=".f32-") as scratch:
        plain = Path(scratch) / FILE
        write_gguf(model, tokenizer, plain, "f32")
        del model
        quantize_file(plain, out / FILE, kind)


def quantize_file(source: Path, target: Path, kind: str) -> None:
    """Quantize the f32, f16 or bf16 GGUF file `source` to `kind` (a key of `FILE_TYPES`), atomically.

    The bytes do not depend on the number of threads. Tensors whose rows do not fit the block are stored by
    llama.cpp in another type; they are named on standard error.

    Raises:
        UserError: `source` cannot be read, or llama.cpp failed.
    """
    quiet_llama()
    params = llama_cpp.llama_model_quantize_default_params()
    params.ftype = FILE_TYPES[kind]
    params.nthread = len(os.sched_getaffinity(0))
    with fresh_file(target) as partial:
        code = llama_cpp.llama_model_quantize(os.fsencode(source), os.fsencode(partial), ctypes.byref(params))
        if code != 0:
            free = shutil.disk_usage(target.parent).free >> 20
            raise UserError(
                f"{source}: llama.cpp could not quantize it to {kind}: {llama_errors()}; "
                f"{free} MB are free at {target.parent}; nothing was kept"
            )
        _report_fallbacks(partial, target, kind)


def _report_fallbacks(path: Path, target: Path, kind: str) -> None:
    block = block_size(f"gguf-{kind}")
    for tensor in gguf.GGUFReader(path).tensors:
        if len(tensor.shape) > 1 and tensor.shape[0] % block:
            print(
                f"note: {target}: {tensor.name}: rows of {tensor.shape[0]} values are no multiple of "
                f"{block}: stored as {tensor.tensor_type.name} instead of {kind}",
                file=sys.stderr,
            )
