"""models/base: builtin, local, encrypted, and models that are not what their profile says."""

import json

import pytest

from belle.config.model import ModelDownload
from belle.download.model import download_model
from belle.errors import UserError
from belle.tokenizer.template import TEMPLATES
from factories import MODEL_SIZES

PARTS = ("tokenizer_config.json", "tokenizer.json", "model.safetensors")


def profile(source: dict, **changes) -> ModelDownload:
    values = {"architecture": "llama", "template": "belle", **MODEL_SIZES}
    return ModelDownload.model_validate({**values, "source": source, **changes})


def local_model(tmp_path, **config) -> dict:
    folder = tmp_path / "origin"
    folder.mkdir()
    (folder / "config.json").write_text(json.dumps({"model_type": "llama", "hidden_size": 8, **config}))
    for name in PARTS:
        (folder / name).write_text("{}")
    return {"kind": "path", "path": "origin"}


def template_of(folder) -> str | None:
    return json.loads((folder / "tokenizer_config.json").read_text()).get("chat_template")


def test_a_local_model_gets_the_template_of_its_profile(tmp_path):
    download_model(profile(local_model(tmp_path)), tmp_path / "base", tmp_path / "base.source.json")
    assert template_of(tmp_path / "base") == TEMPLATES["belle"]
    record = json.loads((tmp_path / "base.source.json").read_text())
    assert record["source"] == {"kind": "path"}
    assert set(record["files"]) == {"config.json", *PARTS}
    assert template_of(tmp_path / "origin") is None


@pytest.mark.parametrize(
    ("config", "problem"),
    [
        ({"model_type": "mamba"}, "model_type .*'mamba'.*'llama'"),
        ({"hidden_size": 9}, "hidden_size .*9.*8"),
        ({"intermediate_size": 17}, "intermediate_size .*17.*16"),
        ({"max_position_embeddings": 32}, "max_position_embeddings .*32.*None"),
    ],
)
def test_another_model_than_the_profile_says_is_refused(tmp_path, config, problem):
    with pytest.raises(UserError, match=rf"^config\.json: {problem}"):
        download_model(profile(local_model(tmp_path, **config)), tmp_path / "base", tmp_path / "base.source.json")
    assert not (tmp_path / "base").exists()


@pytest.mark.parametrize("content", ["", '{"model_type": "lla', "[]"])
def test_a_broken_config_is_named(tmp_path, content):
    source = local_model(tmp_path)
    (tmp_path / "origin" / "config.json").write_text(content)
    with pytest.raises(UserError, match=r"^config\.json: "):
        download_model(profile(source), tmp_path / "base", tmp_path / "base.source.json")


@pytest.mark.parametrize(
    ("missing", "words"),
    [
        ("model.safetensors", r"weights .*\*\.safetensors.*\*\.bin"),
        ("tokenizer.json", r"tokenizer .*tokenizer\.json.*tokenizer\.model.*vocab\.json"),
    ],
)
def test_half_a_model_is_refused(tmp_path, missing, words):
    source = local_model(tmp_path)
    (tmp_path / "origin" / missing).unlink()
    with pytest.raises(UserError, match=words):
        download_model(profile(source), tmp_path / "base", tmp_path / "base.source.json")
    assert not (tmp_path / "base").exists()


def test_the_same_bytes_elsewhere_give_the_same_record(tmp_path):
    source = local_model(tmp_path)
    download_model(profile(source), tmp_path / "base", tmp_path / "base.source.json")
    (tmp_path / "origin").rename(tmp_path / "elsewhere")
    download_model(
        profile(source | {"path": str(tmp_path / "elsewhere")}), tmp_path / "other", tmp_path / "other.source.json"
    )
    assert (tmp_path / "other.source.json").read_bytes() == (tmp_path / "base.source.json").read_bytes()


def test_a_folder_without_a_model_is_refused(tmp_path):
    (tmp_path / "origin").mkdir()
    (tmp_path / "origin" / "notes.txt").write_text("x")
    with pytest.raises(UserError, match=r"config\.json"):
        download_model(profile({"kind": "path", "path": "origin"}), tmp_path / "base", tmp_path / "base.source.json")


def test_an_encrypted_model_is_left_as_it_is(tmp_path):
    (tmp_path / "origin").mkdir()
    (tmp_path / "origin" / "config.json.00.enc").write_bytes(b"secret")
    download_model(
        profile({"kind": "path", "path": "origin"}, encrypted=True), tmp_path / "base", tmp_path / "base.source.json"
    )
    assert sorted(path.name for path in (tmp_path / "base").iterdir()) == ["config.json.00.enc"]


def test_a_plain_model_with_an_encrypted_profile_is_refused(tmp_path):
    with pytest.raises(UserError, match=r"\.enc.*encrypted"):
        download_model(profile(local_model(tmp_path), encrypted=True), tmp_path / "base", tmp_path / "base.source.json")


def test_a_builtin_model_is_made_by_name(tmp_path, monkeypatch):
    def write_model(folder, name):
        (folder / "config.json").write_text(json.dumps({"model_type": "llama", "name": name}))
        (folder / "model.safetensors").touch()
        (folder / "tokenizer.json").touch()

    monkeypatch.setattr("belle.mini.model.write_model", write_model)
    download_model(profile({"kind": "builtin", "name": "mini"}), tmp_path / "base", tmp_path / "base.source.json")
    assert json.loads((tmp_path / "base" / "config.json").read_text())["name"] == "mini"
    assert template_of(tmp_path / "base") == TEMPLATES["belle"]
