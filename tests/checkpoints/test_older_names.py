import json
from typing import Any

import pytest
import torch

from belle.checkpoints.models import load_model, save_weights
from belle.checkpoints.older_names import add_older_names
from belle.errors import UserError

LINEAR = {"rope_type": "linear", "factor": 2.0, "rope_theta": 500.0}
LLAMA3 = {"low_freq_factor": 1.0, "high_freq_factor": 4.0, "original_max_position_embeddings": 64}


def written(tmp_path, **config: object) -> dict[str, Any]:
    path = tmp_path / "config.json"
    path.write_text(json.dumps(config))
    add_older_names(path)
    return json.loads(path.read_text())


@pytest.mark.parametrize(
    ("rope", "older"),
    [
        ({"rope_type": "default", "rope_theta": 500.0}, {"rope_theta": 500.0}),
        (LINEAR, {"rope_theta": 500.0, "rope_scaling": {"type": "linear", "factor": 2.0}}),
        (LINEAR | {"type": "linear"}, {"rope_theta": 500.0, "rope_scaling": {"type": "linear", "factor": 2.0}}),
        (
            {"rope_type": "llama3", "factor": 8.0, "rope_theta": 500.0} | LLAMA3,
            {"rope_theta": 500.0, "rope_scaling": {"type": "llama3", "factor": 8.0} | LLAMA3},
        ),
        (None, {}),
    ],
)
def test_positions_are_said_in_both_ways(tmp_path, rope, older):
    config = {"model_type": "llama", "rope_parameters": rope}
    assert written(tmp_path, **config) == config | older


def test_the_type_of_the_weights_has_both_names(tmp_path):
    assert written(tmp_path, dtype="float16") == {"dtype": "float16", "torch_dtype": "float16"}


def test_a_model_without_these_keys_stays_as_it_is(tmp_path):
    assert written(tmp_path, model_type="bloom") == {"model_type": "bloom"}


def test_a_broken_configuration_is_named(tmp_path):
    (tmp_path / "config.json").write_text("{")
    with pytest.raises(UserError, match=f"^{tmp_path / 'config.json'}: "):
        add_older_names(tmp_path / "config.json")


@pytest.mark.parametrize("rope", [LINEAR, {"rope_type": "llama3", "factor": 8.0, "rope_theta": 500.0} | LLAMA3])
def test_the_saved_model_computes_the_same_with_both_names(tiny_model, tmp_path, rope):
    model, ids = load_model(tiny_model("llama")), torch.arange(2, 200)[None]
    model.config.rope_parameters = rope
    model = type(model)(model.config).eval()
    save_weights(model, tmp_path)
    assert "rope_scaling" in json.loads((tmp_path / "config.json").read_text())
    with torch.no_grad():
        assert torch.equal(load_model(tmp_path).eval()(ids).logits, model(ids).logits)
        model.config.rope_parameters = {"rope_type": "default", "rope_theta": 500.0}
        unscaled = type(model)(model.config).eval()
        unscaled.load_state_dict(model.state_dict())
        assert not torch.allclose(unscaled(ids).logits, model(ids).logits, atol=1e-3)
