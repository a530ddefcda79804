"""`belle add` on repositories of a hub that runs on this machine."""

import json

import pytest
from huggingface_hub import close_session

from belle.add.data import add_data
from belle.add.model import add_model
from belle.add.options import Given
from belle.add.questions import add_questions
from belle.config.base import load_profile
from belle.config.data import DataProfile
from belle.config.evaluation_set import EvalProfile
from belle.config.model import ModelProfile
from belle.errors import UserError
from http_server import use_hub

COMMIT = "0123456789abcdef0123456789abcdef01234567"
ROW = {"instruction": "翻译", "input": "", "output": "猫是一种动物"}


@pytest.fixture
def hub(server, monkeypatch):
    """Give `add(kind, repository, files, *tags)`; everything is at one commit."""
    use_hub(server.address, monkeypatch)
    yield lambda kind, repo, files, *tags: server.add_repo(kind, repo, files, COMMIT, "", *tags)
    close_session()


def lines(*rows: dict) -> bytes:
    return "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows).encode()


def test_data_of_the_hub_are_pinned_to_todays_commit(hub, server, capsys):
    hub("datasets", "someone/Rows", {"README.md": b"x", "train.json": lines(*[ROW] * 5)}, "license:mit")
    add_data("someone/Rows", Given())
    profile = load_profile(DataProfile, "data", "rows")
    assert profile.source.model_dump() == {
        "kind": "hub", "repo": "someone/Rows", "revision": COMMIT, "files": ["train.json"],
    }  # fmt: skip
    assert (profile.format, profile.language, profile.license) == ("alpaca", "zh", "mit")
    assert profile.homepage == "https://huggingface.co/datasets/someone/Rows"
    said = capsys.readouterr().out
    assert "rows-3" in said and "first 5 rows" in said and "inputs" not in said


@pytest.mark.parametrize("array", [True, False])
def test_only_the_beginning_of_a_large_file_is_looked_at(hub, monkeypatch, capsys, array):
    monkeypatch.setattr("belle.add.records.SAMPLE_BYTES", 1000)
    rows = [ROW] * 5000
    content = json.dumps(rows, ensure_ascii=False).encode() if array else lines(*rows)
    hub("datasets", "someone/rows", {"train.json": content}, "license:mit")
    add_data("someone/rows", Given())
    assert "rows-3" in capsys.readouterr().out


def test_several_files_have_to_be_chosen_from(hub):
    hub("datasets", "someone/rows", {"a.json": lines(ROW), "b.json": lines({"text": "x"})})
    with pytest.raises(UserError) as error:
        add_data("someone/rows", Given())
    assert "--files: which of a.json, b.json" in str(error.value) and "--license" in str(error.value)
    with pytest.raises(UserError, match=r"no file c\.json"):
        add_data("someone/rows", Given(license="mit"), files=["c.json"])
    add_data("someone/rows", Given(license="mit"), files=["a.json"])
    assert load_profile(DataProfile, "data", "rows").source.files == ["a.json"]


def test_questions_of_the_hub(hub):
    rows = [{"question": "1 + 1 = ?", "reference": "2", "category": "math"}]
    hub("datasets", "someone/questions", {"test.jsonl": lines(*rows)}, "license:mit")
    add_questions("someone/questions", Given())
    profile = load_profile(EvalProfile, "eval", "questions")
    assert (profile.source.revision, profile.metrics) == (COMMIT, {"math": "numeric_match"})


def test_a_model_of_the_hub_is_described_without_its_weights(hub, server, tiny_model):
    files = {path.name: path.read_bytes() for path in tiny_model("qwen2").iterdir()}
    hub("models", "someone/Tiny", files | {"onnx/model.onnx": b"x"}, "license:apache-2.0")
    add_model("someone/Tiny", Given())
    profile = load_profile(ModelProfile, "model", "tiny")
    assert (profile.architecture, profile.hidden_size, profile.license) == ("qwen2", 64, "apache-2.0")
    assert profile.source.revision == COMMIT
    assert profile.source.files == ["*.json", "*.safetensors"]
    assert profile.homepage == "https://huggingface.co/someone/Tiny"
    assert not [path for _, path, _ in server.requests if path.endswith(".safetensors")]


def test_a_repository_that_is_not_there_is_named(hub):
    with pytest.raises(UserError, match=r"^someone/absent: no such repository"):
        add_data("someone/absent", Given())
