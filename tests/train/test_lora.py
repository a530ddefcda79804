import json

import pytest
import torch

from belle.checkpoints.models import load_model
from belle.errors import UserError
from belle.train.lora import add_adapters, save_adapters
from factories import lora_params


@pytest.mark.parametrize(
    ("target_modules", "layers"),
    [
        ("all-linear", {"q_proj", "k_proj", "v_proj", "o_proj", "gate_proj", "up_proj", "down_proj"}),
        (["q_proj", "v_proj"], {"q_proj", "v_proj"}),
    ],
)
def test_adapters_of_the_target_layers_are_trainable_and_nothing_else(target_modules, layers, tiny_model):
    model = add_adapters(load_model(tiny_model("llama")), lora_params(target_modules=target_modules))
    trainable = [name for name, weight in model.named_parameters() if weight.requires_grad]
    assert all(".lora_A." in name or ".lora_B." in name for name in trainable)
    assert {name.split(".lora_")[0].rsplit(".", 1)[-1] for name in trainable} == layers


def test_a_new_adapter_changes_no_logit(tiny_model):
    ids = torch.arange(2, 40)[None]
    without = load_model(tiny_model("llama"))(ids).logits
    assert torch.equal(add_adapters(load_model(tiny_model("llama")), lora_params())(ids).logits, without)


def test_unknown_targets_are_named(tiny_model):
    params = lora_params(target_modules=["q_proj", "query_key_value", "dense"])
    with pytest.raises(UserError, match=r"^params\.yaml: train\.lora\.target_modules: .*query_key_value, dense"):
        add_adapters(load_model(tiny_model("llama")), params)


def test_a_saved_adapter_holds_no_path_and_is_sorted(tiny_model, tmp_path):
    checkpoint = tiny_model("llama")
    params = lora_params(target_modules=["v_proj", "q_proj", "k_proj"])
    save_adapters(add_adapters(load_model(checkpoint), params), tmp_path, checkpoint, "fp32")
    assert sorted(path.name for path in tmp_path.iterdir()) == [
        "adapter_config.json",
        "adapter_model.safetensors",
        "model_ref.json",
    ]
    text = (tmp_path / "adapter_config.json").read_text(encoding="utf-8")
    config = json.loads(text)
    assert str(checkpoint) not in text
    assert config["base_model_name_or_path"] is None
    assert list(config) == sorted(config)
    assert config["target_modules"] == ["k_proj", "q_proj", "v_proj"]
    assert (config["r"], config["lora_alpha"]) == (4, 8)
