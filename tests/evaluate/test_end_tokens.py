import json
import shutil
from pathlib import Path

import pytest

from belle.checkpoints.models import load_model
from belle.evaluate.end_tokens import end_tokens
from belle.tokenizer.load import load_tokenizer
from belle.train.lora import add_adapters, save_adapters
from factories import lora_params


def with_settings(checkpoint: Path, folder: Path, name: str, settings: dict) -> Path:
    """A copy of a checkpoint whose file has these settings more."""
    copy = shutil.copytree(checkpoint, folder)
    path = copy / name
    before = json.loads(path.read_text()) if path.exists() else {}
    path.write_text(json.dumps(before | settings))
    return copy


@pytest.mark.parametrize(
    ("settings", "expected"),
    [
        ({"eos_token_id": [7, 5]}, (0, 5, 7)),
        ({"eos_token_id": 9}, (0, 9)),
        ({"eos_token_id": [0]}, (0,)),
        ({"eos_token_id": None}, (0,)),
    ],
)
def test_those_of_the_tokenizer_and_of_the_generation_settings_end_an_answer(tiny_model, tmp_path, settings, expected):
    checkpoint = with_settings(tiny_model("llama"), tmp_path / "model", "generation_config.json", settings)
    tokenizer = load_tokenizer(checkpoint)
    assert tokenizer.eos_token_id == 0
    assert end_tokens(checkpoint, tokenizer) == expected
    # as transformers reads them
    own = load_model(checkpoint).generation_config.eos_token_id
    assert {*(own if isinstance(own, list) else [own])} - {None} <= {*expected}
    adapter = tmp_path / "adapter"
    save_adapters(add_adapters(load_model(checkpoint), lora_params()), adapter, checkpoint, "fp32")
    assert end_tokens(adapter, tokenizer) == expected


def test_without_generation_settings_those_of_the_model_count(tiny_model, tmp_path):
    checkpoint = with_settings(tiny_model("llama"), tmp_path / "model", "config.json", {"eos_token_id": [3, 4]})
    (checkpoint / "generation_config.json").unlink(missing_ok=True)
    assert end_tokens(checkpoint, load_tokenizer(checkpoint)) == (0, 3, 4)
