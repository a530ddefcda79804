"""Writes a Hugging Face model as one GGUF file with the `gguf` library, the same bytes on every run."""

from pathlib import Path

import gguf
import numpy as np
import torch
from gguf import GGMLQuantizationType as Type
from transformers import PreTrainedModel, PreTrainedTokenizerBase

from belle.errors import UserError
from belle.files import fresh_file
from belle.progress import progress
from belle.quantize.gguf.hyperparameters import ARCHITECTURES, add_hyperparameters, check_config
from belle.quantize.gguf.tensors import gguf_tensors
from belle.quantize.gguf.tokenizer import add_tokenizer

MODEL_NAME = "belle"
"""Not taken from the model: its name in memory may be a path of this machine."""

TYPES = {
    "f32": (Type.F32, torch.float32, gguf.LlamaFileType.ALL_F32),
    "f16": (Type.F16, torch.float16, gguf.LlamaFileType.MOSTLY_F16),
    "bf16": (Type.BF16, torch.bfloat16, gguf.LlamaFileType.MOSTLY_BF16),
}


def write_gguf(
    model: PreTrainedModel,
    tokenizer: PreTrainedTokenizerBase,
    target: Path,
    dtype: str,
) -> None:
    """Write `model` (in memory, merged) and `tokenizer` with its chat template to `target`, atomically.

    Matrices get `dtype`; vectors (norms, biases) stay float32, as llama.cpp computes with them.

    Args:
        model: fp32, adapters merged.
        tokenizer: with its chat template.
        target: the file.
        dtype: `f32`, `f16` or `bf16`.

    Raises:
        UserError: architecture, configuration or tokenizer that llama.cpp would treat otherwise than
            Hugging Face; a weight that does not fit into `dtype`.
    """
    check_config(model.config)
    with fresh_file(target) as partial:
        writer = gguf.GGUFWriter(partial, gguf.MODEL_ARCH_NAMES[ARCHITECTURES[model.config.model_type]])
        try:
            _add_metadata(writer, model, tokenizer, dtype)
            _write_tensors(writer, model, target, dtype)
        finally:
            writer.close()


def _add_metadata(
    writer: gguf.GGUFWriter, model: PreTrainedModel, tokenizer: PreTrainedTokenizerBase, dtype: str
) -> None:
    rows = model.get_input_embeddings().weight.shape[0]
    writer.add_type(gguf.GGUFType.MODEL)
    writer.add_name(MODEL_NAME)
    writer.add_file_type(TYPES[dtype][2])
    writer.add_quantization_version(gguf.GGML_QUANT_VERSION)
    add_hyperparameters(writer, model.config, rows)
    add_tokenizer(writer, tokenizer, rows)


def _write_tensors(writer: gguf.GGUFWriter, model: PreTrainedModel, target: Path, dtype: str) -> None:
    """Describe all tensors first, then convert and write one at a time: memory stays at one tensor."""
    for name, tensor in gguf_tensors(model):
        kind, torch_type = _type_of(tensor, dtype)
        size = tensor.numel() * torch_type.itemsize
        # the NumPy type only matters to the library for byte-packed types
        writer.add_tensor_info(name, tensor.shape, np.dtype(np.float32), size, raw_dtype=kind)
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_ti_data_to_file()
    stream = writer.fout[0]
    writer.write_padding(stream, stream.tell())
    with progress(f"writing {target.name} as {dtype}", len(writer.tensors[0]), "tensors") as bar:
        for name, tensor in gguf_tensors(model):
            values = _converted(name, tensor, dtype, target)
            # not the library's write_tensor_data: numpy's tofile can lose the end of a tensor on a full disk
            stream.write(values)
            writer.write_padding(stream, values.nbytes)
            bar.advance()


def _converted(name: str, tensor: torch.Tensor, dtype: str, target: Path) -> np.ndarray:
    """Return the bytes of a tensor: uint8."""
    converted = tensor.to(_type_of(tensor, dtype)[1]).contiguous()
    if not converted.isfinite().all():
        raise UserError(
            f"{target.name}: weight {name}: a value is not a number or too large for {dtype}; "
            "write gguf-bf16 or gguf-f32, or look at the training curve"
        )
    return converted.view(torch.uint8).numpy()


def _type_of(tensor: torch.Tensor, dtype: str) -> tuple[Type, torch.dtype]:
    kind, torch_type, _ = TYPES[dtype] if tensor.ndim > 1 else TYPES["f32"]
    return kind, torch_type
