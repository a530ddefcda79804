import json
from pathlib import Path

import pytest

from belle.errors import UserError
from belle.weights.gate import write_reference
from belle.weights.links import ModelFiles, architecture, locate


@pytest.fixture(autouse=True)
def repository(tmp_path: Path, monkeypatch) -> None:
    """base ← gate (a reference) ← first (adapter with a tokenizer) ← second (adapter without one)."""
    monkeypatch.chdir(tmp_path)
    base = Path("models/base")
    base.mkdir(parents=True)
    (base / "config.json").write_text('{"model_type": "llama"}')
    (base / "tokenizer_config.json").write_text("{}")
    write_reference(Path("models/gate"), base)
    for name, before in (("first", "models/gate"), ("second", "models/first")):
        write_reference(Path("models") / name, Path(before))
        (Path("models") / name / "adapter_config.json").write_text("{}")
    Path("models/first/tokenizer_config.json").write_text("{}")


@pytest.mark.parametrize(
    ("link", "adapters", "tokenizer"),
    [
        ("base", [], "base"),
        ("gate", [], "base"),
        ("first", ["first"], "first"),
        ("second", ["first", "second"], "first"),
    ],
)
def test_links_lead_to_weights_adapters_and_the_nearest_tokenizer(link, adapters, tokenizer) -> None:
    models = Path("models")
    expected = ModelFiles(models / "base", tuple(models / name for name in adapters), models / tokenizer)
    assert locate(models / link) == expected


def test_missing_link_is_named() -> None:
    with pytest.raises(UserError, match=r"^models/none: no model here; run `dvc repro` or `dvc pull` first$"):
        locate(Path("models/none"))


def test_link_that_refers_to_a_missing_one_is_named() -> None:
    write_reference(Path("models/gate"), Path("models/gone"))
    with pytest.raises(UserError, match=r"^models/gone \(which models/second refers to\): no model here"):
        locate(Path("models/second"))


def test_empty_directory_is_no_model() -> None:
    Path("models/empty").mkdir()
    with pytest.raises(UserError, match=r"^models/empty: no model here"):
        locate(Path("models/empty"))


@pytest.mark.parametrize(("names", "named"), [(["a"], "a"), (["a", "b"], "a")])
def test_circles_are_refused(names, named) -> None:
    for name, after in zip(names, [*names[1:], names[0]], strict=True):
        write_reference(Path("models") / name, Path("models") / after)
    with pytest.raises(UserError, match=rf"^models/{named}/model_ref.json: the references lead in a circle"):
        locate(Path("models/a"))


def test_adapter_without_a_base_is_refused() -> None:
    Path("models/first/model_ref.json").unlink()
    with pytest.raises(UserError, match=r"^models/first: an adapter without a reference to its base model"):
        locate(Path("models/second"))


def test_architecture_comes_from_the_weights() -> None:
    assert architecture(locate(Path("models/second"))) == "llama"


@pytest.mark.parametrize("text", ["{", "{}", "[]"])
def test_broken_configuration_is_named(text: str) -> None:
    Path("models/base/config.json").write_text(text)
    with pytest.raises(UserError, match=r"^models/base/config.json: not a model's configuration"):
        architecture(locate(Path("models/base")))


def test_references_are_plain_json() -> None:
    assert json.loads(Path("models/gate/model_ref.json").read_text()) == {"path": "models/base"}
