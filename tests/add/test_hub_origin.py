"""`belle add` on repositories of a hub that runs on this machine."""

import gzip
import json

import pytest
from huggingface_hub import close_session

from belle.add.data import add_data
from belle.add.model import add_model
from belle.add.options import Given
from belle.add.questions import add_questions
from belle.add.records import Part
from belle.config.base import load_profile
from belle.config.data import DataProfile
from belle.config.evaluation_set import EvalProfile
from belle.config.model import ModelProfile
from belle.errors import UserError
from http_server import use_hub, use_hub_for_datasets

COMMIT = "0123456789abcdef0123456789abcdef01234567"
ROW = {"instruction": "翻译", "input": "", "output": "猫是一种动物"}


def lines(*rows: dict) -> bytes:
    return "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows).encode()


@pytest.fixture
def hub(server, monkeypatch):
    """Give `add(kind, repository, files, *tags)`; everything is at one commit."""
    use_hub(server.address, monkeypatch)
    yield lambda kind, repo, files, *tags: server.add_repo(kind, repo, files, COMMIT, "", *tags)
    close_session()


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


TABLE = "instruction,output\n" + "翻译,猫是一种动物\n" * 5000
LARGE = {
    "train.json": json.dumps([ROW] * 5000, ensure_ascii=False).encode(),
    "train.jsonl": lines(*[ROW] * 5000),
    "train.csv": TABLE.encode(),
    "train.jsonl.gz": gzip.compress(lines(*({**ROW, "output": f"猫是一种动物 {number}"} for number in range(5000)))),
}


@pytest.mark.parametrize("name", LARGE)
def test_only_the_beginning_of_a_large_file_is_looked_at(hub, monkeypatch, capsys, name):
    monkeypatch.setattr("belle.add.records.SAMPLE_BYTES", 1000)
    hub("datasets", "someone/rows", {name: LARGE[name]}, "license:mit")
    add_data("someone/rows", Given())
    assert "rows-3" in capsys.readouterr().out


def test_files_are_chosen_by_name(hub):
    hub("datasets", "someone/rows", {"a.json": lines(ROW), "b.json": lines({"text": "x"}), "c.parquet": b""})
    with pytest.raises(UserError, match=r"no file d\.json"):
        add_data("someone/rows", Given(license="mit"), part=Part(files=["d.json"]))
    with pytest.raises(UserError, match=r"c\.parquet: give --split"):
        add_data("someone/rows", Given(license="mit"), part=Part(files=["c.parquet"]))
    add_data("someone/rows", Given(license="mit"), part=Part(files=["a.json"]))
    assert load_profile(DataProfile, "data", "rows").source.files == ["a.json"]


def test_the_page_of_a_repository_is_its_name(hub):
    hub("datasets", "someone/rows", {"a.json": lines(ROW)}, "license:mit")
    add_data("https://huggingface.co/datasets/someone/rows", Given())
    assert load_profile(DataProfile, "data", "rows").source.repo == "someone/rows"


def test_a_data_set_of_many_files_is_added_by_config_and_split(hub, server, monkeypatch, tmp_path, capsys):
    use_hub_for_datasets(server.address, monkeypatch, tmp_path / "hub")
    card = b"""---
configs:
- config_name: zh
  data_files: [{split: train, path: zh/train-*}, {split: test, path: zh/test-*}]
- config_name: other
  data_files: [{split: dev, path: other/dev-*}, {split: test, path: other/test-*}]
---
"""
    row = {"question": "猫是什么", "answer": "一种动物"}
    names = ["zh/train-0.json", "zh/train-1.json", "zh/test-0.json", "other/dev-0.json", "other/test-0.json"]
    hub("datasets", "someone/rows", {"README.md": card} | dict.fromkeys(names, lines(row, row)), "license:mit")
    with pytest.raises(UserError, match="--config: which of zh, other"):
        add_data("someone/rows", Given())
    with pytest.raises(UserError, match="--split: which of dev, test"):
        add_data("someone/rows", Given(), part=Part(config="other"))
    with pytest.raises(UserError, match=r"^someone/rows, config absent: .*zh"):
        add_data("someone/rows", Given(), part=Part(config="absent"))
    add_data("someone/rows", Given(), part=Part(config="zh", streaming=True))
    profile = load_profile(DataProfile, "data", "rows")
    assert profile.source.model_dump() == {
        "kind": "dataset", "repo": "someone/rows", "revision": COMMIT, "config": "zh", "split": "train",
        "streaming": True,
    }  # fmt: skip
    assert (profile.format, profile.columns) == ("alpaca", {"instruction": "question", "output": "answer"})
    said = capsys.readouterr().out
    assert "rows-3" in said and "first 4 rows" in said


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
