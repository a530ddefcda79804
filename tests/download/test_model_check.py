import json

import pytest

from belle.config.base import parse, read_yaml
from belle.config.model import ModelProfile
from belle.download.model_check import refuse_other_model
from belle.errors import UserError
from factories import ROOT

PATH = ROOT / "configs/model/mini.yaml"
PROFILE = parse(ModelProfile, read_yaml(PATH), PATH)
CONFIG = {"model_type": "llama", "hidden_size": 256, "intermediate_size": 256}


def written(folder, names=("model.safetensors", "tokenizer.json"), **config: object):
    (folder / "config.json").write_text(json.dumps(CONFIG | config))
    for name in names:
        (folder / name).touch()
    return folder


@pytest.mark.parametrize("weights", ["model.safetensors", "pytorch_model.bin"])
@pytest.mark.parametrize("tokenizer", ["tokenizer.json", "tokenizer.model", "vocab.json"])
def test_the_model_of_the_profile_is_let_through(tmp_path, weights, tokenizer):
    refuse_other_model(PROFILE, written(tmp_path, (weights, tokenizer)))


def test_widths_that_a_configuration_does_not_name_are_not_compared(tmp_path):
    (written(tmp_path) / "config.json").write_text('{"model_type": "llama"}')
    refuse_other_model(PROFILE, tmp_path)


def test_every_difference_is_a_line(tmp_path):
    written(tmp_path, ("tokenizer.json",), model_type="bloom", hidden_size=9, intermediate_size=17)
    with pytest.raises(UserError) as error:
        refuse_other_model(PROFILE, tmp_path)
    starts = (
        "the source holds no weights",
        "config.json: model_type",
        "config.json: hidden_size",
        "config.json: inter",
    )
    lines = str(error.value).splitlines()
    assert [line.startswith(start) for line, start in zip(lines, starts, strict=True)] == [True] * 4
    assert str(tmp_path) not in str(error.value)
