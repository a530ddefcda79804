"""The NF4 base of QLoRA (Dettmers et al. 2023, arXiv 2305.14314): linear layers in 4 bits, through bitsandbytes.

Blocks of 64 weights share a scale, the scales themselves are stored in 8 bits: 4.13 bits per weight. The codes are the
same whether the weights are read in fp32, fp16 or bf16, so a saved adapter finds the base that it was trained on.

A layer whose width is no multiple of 64 stays as it is: bitsandbytes 0.50 dequantizes it wrongly on a CPU (relative
error 0.25 instead of 0.09), without a word. No published LLaMA, Qwen or BLOOM model has one.
"""

import sys
from collections.abc import Iterator
from types import ModuleType

import torch
from transformers import PreTrainedModel

BLOCK = 64
"""Weights that share a scale, neighbors in a row."""


def quantize_to_nf4(model: PreTrainedModel, compute_dtype: torch.dtype) -> float:
    """Replace the linear layers of `model`, but the output layer, by NF4 ones; return the relative error it makes.

    Layers that must stay as they are, are named on standard error.

    The error is the norm of the difference over the norm of the weights, of all replaced layers together.

    Args:
        model: in the precision its weights are stored in.
        compute_dtype: what the weights become inside a forward pass.
    """
    bitsandbytes, difference, total = _bitsandbytes(), 0.0, 0.0
    # names: a list of layers would keep the weights of all of them
    for name in [name for name, _ in _linear_layers(model)]:
        layer = model.get_submodule(name)
        quantized = bitsandbytes.nn.Linear4bit(
            layer.in_features,
            layer.out_features,
            layer.bias is not None,
            compute_dtype,
            quant_type="nf4",
            device="meta",
        )
        # its packed layout for some processors cannot be trained on
        quantized.support_avx512bf16_for_cpu = False
        quantized.weight = bitsandbytes.nn.Params4bit(
            layer.weight.data, requires_grad=False, quant_type="nf4", module=quantized
        ).to(layer.weight.device)
        quantized.bias = layer.bias
        model.set_submodule(name, quantized)
        difference += (_dequantized(quantized.weight) - layer.weight.float()).square().sum().item()
        total += layer.weight.float().square().sum().item()
    # PEFT and the Trainer ask for it
    model.is_loaded_in_4bit = True
    return (difference / total) ** 0.5


@torch.no_grad()
def round_to_nf4(model: PreTrainedModel) -> None:
    """Give the linear layers of `model`, but the output layer, the values that their NF4 form stands for."""
    params = _bitsandbytes().nn.Params4bit
    for _, layer in _linear_layers(model):
        layer.weight.copy_(_dequantized(params(layer.weight.data, quant_type="nf4").to(layer.weight.device)))


def _linear_layers(model: PreTrainedModel) -> Iterator[tuple[str, torch.nn.Linear]]:
    output = model.get_output_embeddings()
    for name, layer in model.named_modules():
        if isinstance(layer, torch.nn.Linear) and layer is not output:
            if layer.in_features % BLOCK == 0:
                yield name, layer
            else:
                print(f"note: {name}: {layer.in_features} inputs are no multiple of {BLOCK}: not NF4", file=sys.stderr)


def _dequantized(weight: torch.nn.Parameter) -> torch.Tensor:
    """Return float32 [outputs, inputs]."""
    state = weight.quant_state
    state.dtype, dtype = torch.float32, state.dtype
    values = _bitsandbytes().functional.dequantize_4bit(weight.data, state)
    state.dtype = dtype
    return values


def _bitsandbytes() -> ModuleType:
    """Import it when it is needed: it takes a second."""
    import bitsandbytes

    return bitsandbytes
