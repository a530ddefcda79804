import pytest
import torch
from transformers import LlamaConfig

from belle.quantize.gguf.tensors import gguf_tensors, llama3_frequency_divisors

from .tiny_models import LLAMA3, MODELS, SIZE, random_weights


@pytest.mark.parametrize("name", MODELS)
def test_every_weight_has_a_name_of_its_own_and_keeps_its_values(name):
    model = random_weights(MODELS[name]())
    written = [(name, tensor) for name, tensor in gguf_tensors(model) if name != "rope_freqs.weight"]
    weights = list(model.parameters())
    assert len({name for name, _ in written}) == len(written) == len(weights)
    for (_, tensor), weight in zip(written, weights, strict=True):
        assert tensor.shape == weight.shape
        assert torch.equal(tensor.flatten().sort().values, weight.detach().flatten().sort().values)


def test_tied_embeddings_come_once():
    names = [name for name, _ in gguf_tensors(MODELS["llama-gqa-tied"]())]
    assert names.count("token_embd.weight") == 1
    assert "output.weight" not in names
    assert "output.weight" in [name for name, _ in gguf_tensors(MODELS["llama"]())]


def test_llama_rotates_neighboring_rows_instead_of_halves():
    model = MODELS["llama-gqa-tied"]()
    weight = model.model.layers[0].self_attn.k_proj.weight
    # two heads of 16 rows: Hugging Face pairs row 0 with row 8 of a head
    weight.data = torch.arange(32.0)[:, None].expand(32, 64).clone()
    written = dict(gguf_tensors(model))["blk.0.attn_k.weight"][:, 0].tolist()
    assert written[:4] == [0, 8, 1, 9]
    assert written[16:20] == [16, 24, 17, 25]


def test_fused_weights_of_bloom_are_all_queries_then_all_keys_then_all_values():
    model = MODELS["bloom"]()
    bias = model.transformer.h[0].self_attention.query_key_value.bias
    # four heads, each with 16 queries, 16 keys and 16 values
    bias.data = torch.arange(192.0)
    written = dict(gguf_tensors(model))["blk.0.attn_qkv.bias"].tolist()
    assert written[:16] == list(range(16))
    assert written[16:32] == list(range(48, 64))
    assert written[64:80] == list(range(16, 32))


def test_frequencies_of_llama_3_are_divided_by_their_wavelength():
    config = LlamaConfig(**SIZE, head_dim=32, rope_parameters=LLAMA3)
    divisors = llama3_frequency_divisors(config)
    assert divisors.shape == (16,)
    # the shortest wavelength fits often into the original context, the longest not once
    assert divisors[0] == 1
    assert divisors[-1] == LLAMA3["factor"]
    assert (divisors.diff() >= 0).all()
    assert ((divisors > 1) & (divisors < LLAMA3["factor"])).any()


def test_a_weight_without_a_name_in_gguf_is_an_error():
    model = MODELS["llama"]()
    model.extra = torch.nn.Linear(2, 2)
    with pytest.raises(KeyError, match=r"extra\.weight"):
        list(gguf_tensors(model))
