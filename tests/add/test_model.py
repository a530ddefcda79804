"""`belle add model` on a folder."""

import json
import shutil
from pathlib import Path

import pytest

from belle.add.model import add_model
from belle.add.options import Given
from belle.config.base import load_profile
from belle.config.check import find_problems
from belle.config.downloads import Download
from belle.config.model import ModelDownload, ModelProfile
from belle.config.write_downloads import write_downloads
from belle.download.model import download_model
from belle.errors import UserError
from factories import contents

OWN = Given(license="private")


@pytest.fixture
def model(tiny_model, tmp_path_factory):
    """Copy a tiny model that may be changed."""

    def copy(architecture: str) -> Path:
        return shutil.copytree(tiny_model(architecture), tmp_path_factory.mktemp("models") / "My Model")

    return copy


@pytest.mark.parametrize(
    ("architecture", "intermediate_size", "positions"),
    [("llama", 128, 512), ("qwen2", 128, 512), ("qwen3", 128, 512), ("bloom", 256, None)],
)
def test_each_architecture_is_described_as_the_download_wants_it(
    model, change, capsys, architecture, intermediate_size, positions
):
    folder = model(architecture)
    add_model(str(folder), OWN)
    profile = load_profile(ModelProfile, "model", "my-model")
    assert (profile.architecture, profile.hidden_size, profile.intermediate_size) == (
        architecture,
        64,
        intermediate_size,
    )
    assert (profile.num_hidden_layers, profile.num_attention_heads, profile.head_dim, profile.vocab_size) == (
        2,
        4,
        16,
        400,
    )
    assert profile.num_key_value_heads == (4 if architecture == "bloom" else 2)
    assert profile.tie_word_embeddings == (architecture != "qwen3")
    assert (profile.max_position_embeddings, profile.template, profile.license) == (positions, "model", "private")
    assert contents(Path("inputs/my-model")) == contents(folder)
    change("params.yaml", {"model.profile": "my-model", "tokenize.max_length": 512})
    assert find_problems() == []
    write_downloads(Path("data/check"))
    wanted = Download[ModelDownload].model_validate_json(Path("data/check/model.json").read_bytes())
    download_model(wanted.profile, Path("models/base"), Path("models/base.source.json"))
    said = capsys.readouterr().out
    assert "  | Human: " in said and "template: model (its tokenizer's own)" in said
    assert said.splitlines()[-1] == "  dvc exp run -S 'model.profile=my-model'"


def test_parameters_are_counted_once_where_weights_are_tied(model, capsys):
    folder = model("llama")
    add_model(str(folder), OWN)
    from safetensors.numpy import load_file

    count = sum(weight.size for weight in load_file(folder / "model.safetensors").values())
    assert f"parameters: {count:,}" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("template", "asked", "chosen", "reason"),
    [
        (None, None, "belle", "brings none"),
        ("{{ strftime_now('%Y') }}", None, "belle", "date"),
        ("{{ messages }}", "belle-2023-04", "belle-2023-04", "asked"),
    ],
)
def test_the_template_is_the_tokenizers_own_where_it_can_be_used(model, capsys, template, asked, chosen, reason):
    folder = model("llama")
    config = json.loads((folder / "tokenizer_config.json").read_text())
    (folder / "tokenizer_config.json").write_text(json.dumps(config | {"chat_template": template}))
    add_model(str(folder), OWN, asked)
    assert load_profile(ModelProfile, "model", "my-model").template == chosen
    said = capsys.readouterr().out
    assert reason in said and "  | Human: " in said


def test_the_card_names_the_license(model):
    folder = model("llama")
    (folder / "README.md").write_text("---\nlicense: mit\n---\n# Mine\n")
    add_model(str(folder), Given())
    assert load_profile(ModelProfile, "model", "my-model").license == "mit"


@pytest.mark.parametrize(
    ("missing", "word"),
    [("config.json", "no config.json"), ("model.safetensors", "no weights"), ("tokenizer.json", "no tokenizer")],
)
def test_half_a_model_is_refused(model, missing, word):
    folder = model("llama")
    (folder / missing).unlink()
    with pytest.raises(UserError, match=word):
        add_model(str(folder), OWN)
    assert not Path("inputs").exists()


def test_another_architecture_is_refused(model):
    folder = model("llama")
    config = json.loads((folder / "config.json").read_text()) | {"model_type": "gpt2"}
    (folder / "config.json").write_text(json.dumps(config))
    with pytest.raises(UserError, match=r"config\.json: model_type is 'gpt2'; known architectures: llama, "):
        add_model(str(folder), OWN)


def test_encrypted_models_are_sent_to_their_page(tmp_path_factory):
    folder = tmp_path_factory.mktemp("encrypted")
    (folder / "config.json.00.enc").touch()
    with pytest.raises(UserError, match=r"docs/decrypt\.md"):
        add_model(str(folder), OWN)
