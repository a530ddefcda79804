import copy

import pytest
import torch
from bitsandbytes.functional import get_4bit_type
from transformers import LlamaConfig, LlamaForCausalLM

from belle.checkpoints.nf4 import quantize_to_nf4, round_to_nf4

SIZES = {"vocab_size": 50, "hidden_size": 64, "num_attention_heads": 4, "num_hidden_layers": 1}
IDS = torch.arange(20)[None]


def model_of(inner: int = 192) -> LlamaForCausalLM:
    torch.manual_seed(0)
    return LlamaForCausalLM(LlamaConfig(**SIZES, intermediate_size=inner)).eval()


def by_definition(weight: torch.Tensor) -> torch.Tensor:
    """The nearest of the 16 values, times the largest of 64 neighbors; that one in full precision."""
    blocks, values = weight.reshape(-1, 64), get_4bit_type("nf4", device="cpu")
    scales = blocks.abs().amax(dim=1, keepdim=True)
    return (values[((blocks / scales)[..., None] - values).abs().argmin(dim=-1)] * scales).reshape(weight.shape)


def test_rounded_weights_are_those_of_the_definition_and_the_output_layer_is_left_alone():
    model, exact = model_of(), model_of()
    round_to_nf4(model)
    for name, weight in model.named_parameters():
        original = exact.get_parameter(name)
        if "proj" in name:
            expected = by_definition(original)
            # its scales are stored in 8 bits
            assert (weight - expected).norm() / original.norm() < 0.01
            assert 0.08 < (weight - original).norm() / original.norm() < 0.10
        else:
            assert torch.equal(weight, original)


@pytest.mark.parametrize("dtype", [torch.float32, torch.bfloat16, torch.float16])
def test_a_quantized_model_computes_with_the_rounded_weights_whatever_it_was_stored_in(dtype):
    """Of weights that all three precisions can hold: the codes are the same."""
    stored = model_of().bfloat16().to(dtype)
    rounded = copy.deepcopy(stored).float()
    round_to_nf4(rounded)
    error = quantize_to_nf4(stored, torch.float32)
    assert 0.08 < error < 0.10
    with torch.no_grad():
        expected, found = rounded(IDS).logits, stored.float()(IDS).logits
    assert (found - expected).norm() / expected.norm() < 1e-5


def test_a_layer_that_cannot_be_quantized_stays_as_it_is_and_is_named(capsys):
    """bitsandbytes would dequantize it wrongly on a CPU."""
    model = model_of(inner=96)
    exact = model.model.layers[0].mlp.down_proj.weight.clone()
    quantize_to_nf4(model, torch.float32)
    assert torch.equal(model.model.layers[0].mlp.down_proj.weight, exact)
    assert capsys.readouterr().err == "note: model.layers.0.mlp.down_proj: 96 inputs are no multiple of 64: not NF4\n"
