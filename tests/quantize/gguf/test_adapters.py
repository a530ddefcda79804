"""A GGUF file of an adapter is that of the merged model, whatever kind of adapter it is."""

import pytest
import torch

from belle.checkpoints.models import load_model, save_weights
from belle.quantize.gguf.quantize import quantize_gguf
from belle.tokenizer.load import load_tokenizer
from belle.tokenizer.save import save_tokenizer
from belle.train.lora import add_adapters, load_frozen, save_adapters
from factories import lora_params


@pytest.mark.parametrize(
    "changes", [{"use_dora": True}, {"base_precision": "nf4"}, {"modules_to_save": ["embed_tokens"]}]
)
def test_the_file_is_that_of_the_merged_model(changes, tiny_model, tmp_path):
    params = lora_params(**changes)
    torch.manual_seed(1)
    model = add_adapters(load_frozen(tiny_model("llama"), params, torch.float32)[0], params)
    for name, weight in model.named_parameters():
        if weight.requires_grad and "lora_A" not in name:
            weight.data += torch.randn_like(weight) * 0.05
    for folder in ("adapter", "merged", "a", "b", "c"):
        (tmp_path / folder).mkdir()
    save_adapters(model, tmp_path / "adapter", tiny_model("llama"), params.base_precision)
    save_weights(load_model(tmp_path / "adapter"), tmp_path / "merged")
    save_tokenizer(load_tokenizer(tiny_model("llama")), tmp_path / "merged")
    for source, target in (("adapter", "a"), ("merged", "b")):
        quantize_gguf(tmp_path / source, "f16", tmp_path / target)
    quantize_gguf(tiny_model("llama"), "f16", tmp_path / "c")
    adapter, merged, base = ((tmp_path / name / "model.gguf").read_bytes() for name in ("a", "b", "c"))
    assert adapter == merged != base
