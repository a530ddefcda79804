import json
from pathlib import Path

import pytest

from belle.checkpoints.resolve import ResolvedCheckpoint, architecture, read_pointer, resolve_checkpoint, write_pointer
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
def test_checkpoints_lead_to_weights_adapters_and_the_nearest_tokenizer(checkpoint, adapters, tokenizer) -> None:
    models = Path("models")
    expected = ResolvedCheckpoint(models / "base", tuple(models / name for name in adapters), models / tokenizer)
    assert resolve_checkpoint(models / checkpoint) == expected


def test_missing_checkpoint_is_named() -> None:
    with pytest.raises(UserError, match=r"^models/none: no model here; run `dvc repro` or `dvc pull` first$"):
        resolve_checkpoint(Path("models/none"))


def test_pointer_to_a_missing_checkpoint_is_named() -> None:
    write_pointer(Path("models/skipped"), Path("models/gone"))
    with pytest.raises(UserError, match=r"^models/gone \(which models/second points to\): no model here"):
        resolve_checkpoint(Path("models/second"))


def test_empty_directory_is_no_model() -> None:
    Path("models/empty").mkdir()
    with pytest.raises(UserError, match=r"^models/empty: no model here"):
        resolve_checkpoint(Path("models/empty"))


@pytest.mark.parametrize(("names", "named"), [(["a"], "a"), (["a", "b"], "a")])
def test_circles_are_refused(names, named) -> None:
    for name, after in zip(names, [*names[1:], names[0]], strict=True):
        write_pointer(Path("models") / name, Path("models") / after)
    with pytest.raises(UserError, match=rf"^models/{named}/model_ref.json: the pointers lead in a circle"):
        resolve_checkpoint(Path("models/a"))


def test_adapter_without_a_base_is_refused() -> None:
    Path("models/first/model_ref.json").unlink()
    with pytest.raises(UserError, match=r"^models/first: an adapter without a pointer to its base model"):
        resolve_checkpoint(Path("models/second"))


def test_architecture_comes_from_the_weights() -> None:
    assert architecture(resolve_checkpoint(Path("models/second"))) == "llama"


@pytest.mark.parametrize("text", ["{", "{}", "[]"])
def test_broken_configuration_is_named(text: str) -> None:
    Path("models/base/config.json").write_text(text)
    with pytest.raises(UserError, match=r"^models/base/config.json: .*get the model again"):
        architecture(resolve_checkpoint(Path("models/base")))


def test_pointers_are_plain_json() -> None:
    assert json.loads(Path("models/skipped/model_ref.json").read_text()) == {"path": "models/base"}


@pytest.mark.parametrize("content", ["", "[]", "{}", '{"path": 3}'])
def test_unreadable_pointers_are_named(tmp_path: Path, content: str) -> None:
    (tmp_path / "model_ref.json").write_text(content)
    with pytest.raises(UserError, match=r"model_ref.json: .*run its stage again"):
        read_pointer(tmp_path)


def test_pointer_replaces_a_model(tmp_path: Path) -> None:
    target = tmp_path / "decrypted"
    target.mkdir()
    (target / "model.safetensors").write_bytes(b"old")
    assert read_pointer(target) is None
    write_pointer(target, Path("models/base"))
    assert read_pointer(target) == Path("models/base")
    assert [path.name for path in target.iterdir()] == ["model_ref.json"]
