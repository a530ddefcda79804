import json
from pathlib import Path

import pytest

from belle.checkpoints.resolve import (
    ResolvedCheckpoint,
    architecture,
    read_pointer,
    resolve_checkpoint,
    weight_files,
    write_pointer,
)
from belle.errors import UserError


@pytest.fixture(autouse=True)
def repository(tmp_path: Path, monkeypatch) -> None:
    """base ← skipped (a pointer) ← first (adapter with a tokenizer) ← second (adapter without one)."""
    monkeypatch.chdir(tmp_path)
    base = Path("models/base")
    base.mkdir(parents=True)
    (base / "config.json").write_text('{"model_type": "llama"}')
    (base / "tokenizer_config.json").write_text("{}")
    write_pointer(Path("models/skipped"), base)
    for name, before in (("first", "models/skipped"), ("second", "models/first")):
        write_pointer(Path("models") / name, Path(before))
        (Path("models") / name / "adapter_config.json").write_text("{}")
    Path("models/first/tokenizer_config.json").write_text("{}")


@pytest.mark.parametrize(
    ("checkpoint", "adapters", "tokenizer"),
    [
        ("base", [], "base"),
        ("skipped", [], "base"),
        ("first", ["first"], "first"),
        ("second", ["first", "second"], "first"),
    ],
)
def test_a_checkpoint_leads_to_weights_adapters_and_the_nearest_tokenizer(checkpoint, adapters, tokenizer):
    models = Path("models")
    expected = ResolvedCheckpoint(models / "base", tuple(models / name for name in adapters), models / tokenizer)
    assert resolve_checkpoint(models / checkpoint) == expected


def test_a_missing_checkpoint_is_named():
    with pytest.raises(UserError, match=r"^models/none: .*dvc repro.*dvc pull"):
        resolve_checkpoint(Path("models/none"))


def test_a_pointer_to_a_missing_checkpoint_is_named_with_its_origin():
    write_pointer(Path("models/skipped"), Path("models/gone"))
    with pytest.raises(UserError, match=r"^models/gone .*models/second.*: no model"):
        resolve_checkpoint(Path("models/second"))


def test_an_empty_directory_is_no_model():
    Path("models/empty").mkdir()
    with pytest.raises(UserError, match=r"^models/empty: no model"):
        resolve_checkpoint(Path("models/empty"))


@pytest.mark.parametrize(("names", "named"), [(["a"], "a"), (["a", "b"], "a")])
def test_pointers_in_a_circle_are_refused(names, named):
    for name, after in zip(names, [*names[1:], names[0]], strict=True):
        write_pointer(Path("models") / name, Path("models") / after)
    with pytest.raises(UserError, match=rf"^models/{named}/model_ref\.json: .*circle"):
        resolve_checkpoint(Path("models/a"))


def test_an_adapter_without_a_base_is_refused():
    Path("models/first/model_ref.json").unlink()
    with pytest.raises(UserError, match=r"^models/first: .*adapter.*model_ref\.json"):
        resolve_checkpoint(Path("models/second"))


def test_the_architecture_comes_from_the_weights():
    assert architecture(resolve_checkpoint(Path("models/second"))) == "llama"


@pytest.mark.parametrize("text", ["{", "{}", "[]"])
def test_a_broken_configuration_is_named(text):
    Path("models/base/config.json").write_text(text)
    with pytest.raises(UserError, match=r"^models/base/config\.json: "):
        architecture(resolve_checkpoint(Path("models/base")))


def test_pointers_are_plain_json():
    assert json.loads(Path("models/skipped/model_ref.json").read_text()) == {"path": "models/base"}


@pytest.mark.parametrize("content", ["", "[]", "{}", '{"path": 3}'])
def test_an_unreadable_pointer_is_named(tmp_path, content):
    (tmp_path / "model_ref.json").write_text(content)
    with pytest.raises(UserError, match=r"model_ref\.json: .*stage again"):
        read_pointer(tmp_path)


def test_a_pointer_replaces_a_model(tmp_path):
    target = tmp_path / "decrypted"
    target.mkdir()
    (target / "model.safetensors").write_bytes(b"old")
    assert read_pointer(target) is None
    write_pointer(target, Path("models/base"))
    assert read_pointer(target) == Path("models/base")
    assert [path.name for path in target.iterdir()] == ["model_ref.json"]


@pytest.mark.parametrize(
    ("shipped", "counted"),
    [
        (["a.safetensors", "b.safetensors", "a.bin", "x.json"], ["a.safetensors", "b.safetensors"]),
        (["a.bin"], ["a.bin"]),
        (["model.gguf", "x.json"], ["model.gguf"]),
        (["x.json", "tokenizer.json", "tokenizer.model"], []),
    ],
)
def test_weights_are_counted_and_those_shipped_in_two_forms_once(tmp_path, shipped, counted):
    for name in shipped:
        (tmp_path / name).touch()
    assert [path.name for path in weight_files(tmp_path)] == counted
