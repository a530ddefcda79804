import json
from pathlib import Path

import pytest
import torch

from belle.checkpoints.models import load_model
from belle.config.train import LoraParams
from belle.errors import UserError
from belle.train.lora import add_adapters, save_adapters


def params(**changes: object) -> LoraParams:
    values = {
        "rank": 4, "alpha": 8, "dropout": 0.0, "target_modules": "all-linear", "learning_rate": 1e-3, "epochs": 1,
        "batch_size": 8, "warmup_ratio": 0.0, "weight_decay": 0.0,
    }  # fmt: skip
    return LoraParams.model_validate(values | changes)


@pytest.mark.parametrize(
    ("target_modules", "layers"),
    [
        ("all-linear", {"q_proj", "k_proj", "v_proj", "o_proj", "gate_proj", "up_proj", "down_proj"}),
        (["q_proj", "v_proj"], {"q_proj", "v_proj"}),
    ],
)
def test_only_adapters_of_the_targets_are_trained(target_modules, layers, tiny_model) -> None:
    model = add_adapters(load_model(tiny_model("llama")), params(target_modules=target_modules))
    trainable = [name for name, weight in model.named_parameters() if weight.requires_grad]
    assert all(".lora_A." in name or ".lora_B." in name for name in trainable)
    assert {name.split(".lora_")[0].rsplit(".", 1)[-1] for name in trainable} == layers


def test_a_new_adapter_changes_nothing(tiny_model) -> None:
    ids = torch.arange(2, 40)[None]
    plain = load_model(tiny_model("llama"))(ids).logits
    assert torch.equal(add_adapters(load_model(tiny_model("llama")), params())(ids).logits, plain)


def test_unknown_targets_are_named(tiny_model) -> None:
    with pytest.raises(
        UserError, match=r"train.lora.target_modules: this model has no layer named query_key_value, dense"
    ):
        add_adapters(load_model(tiny_model("llama")), params(target_modules=["q_proj", "query_key_value", "dense"]))


def test_saved_adapter_holds_no_paths_and_is_sorted(tiny_model, tmp_path: Path) -> None:
    checkpoint = tiny_model("llama")
    save_adapters(add_adapters(load_model(checkpoint), params(target_modules=["v_proj", "q_proj", "k_proj"])), tmp_path)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["adapter_config.json", "adapter_model.safetensors"]
    text = (tmp_path / "adapter_config.json").read_text(encoding="utf-8")
    config = json.loads(text)
    assert str(checkpoint) not in text
    assert config["base_model_name_or_path"] is None
    assert list(config) == sorted(config)
    assert config["target_modules"] == ["k_proj", "q_proj", "v_proj"]
    assert (config["r"], config["lora_alpha"]) == (4, 8)
