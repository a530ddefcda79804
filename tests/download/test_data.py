"""data/raw from several sources of several kinds."""

import hashlib
import json
import subprocess
import sys

import pytest

from belle.config.data import DataParams
from belle.data.tables import read_table
from belle.download.data import download_data
from belle.errors import UserError

PROFILE = """
source: {source}
format: {format}
language: zh
license: MIT
homepage: here
"""


@pytest.fixture(autouse=True)
def repository(tmp_path, monkeypatch):
    monkeypatch.delenv("DVC_ROOT", raising=False)
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    monkeypatch.chdir(tmp_path)
    (tmp_path / "configs" / "data").mkdir(parents=True)


def add_profile(root, name: str, source: dict, form: str) -> None:
    text = PROFILE.format(source=json.dumps(source), format=form)
    (root / "configs" / "data" / f"{name}.yaml").write_text(text)


def add_file(root, name: str, form: str, content: str) -> None:
    (root / f"{name}.json").write_text(content)
    add_profile(root, name, {"kind": "path", "path": f"{name}.json"}, form)


def download(root, sources: list[str], text_sources: list[str] | None = None, limit=None, text_limit=None):
    params = DataParams(
        sources=sources,
        text_sources=text_sources or [],
        limit=limit,
        text_limit=text_limit,
        allow_unpinned=False,
    )
    download_data(params, root / "raw")
    conversations = list(read_table(root / "raw" / "conversations.parquet"))
    return conversations, list(read_table(root / "raw" / "texts.parquet"))


def lines(*rows: dict) -> str:
    return "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)


def turn(question: str, answer: str) -> list[dict[str, str]]:
    return [{"role": "user", "content": question}, {"role": "assistant", "content": answer}]


def test_rows_follow_one_another_and_limits_hold_for_each(tmp_path):
    rows = [{"instruction": f"q{n}", "output": f"a{n}"} for n in range(3)]
    add_file(tmp_path, "one", "belle", lines(*rows))
    add_file(tmp_path, "two", "alpaca", json.dumps(rows))
    add_file(tmp_path, "plain", "text", lines({"text": "甲"}, {"text": "乙"}))
    conversations, texts = download(tmp_path, ["two", "one"], ["plain"], limit=2, text_limit=1)
    assert [row["id"] for row in conversations] == ["two-1", "two-2", "one-1", "one-2"]
    assert conversations[2]["messages"] == turn("q0", "a0")
    assert conversations[2]["source"] == "one"
    assert texts == [{"id": "plain-1", "source": "plain", "language": "zh", "text": "甲"}]
    records = json.loads((tmp_path / "raw" / "sources.json").read_text())
    assert list(records) == ["two", "one", "plain"]
    assert records["one"]["rows"] == 2
    assert records["one"]["files"] == {"one.json": hashlib.sha256(lines(*rows).encode()).hexdigest()}
    assert sorted(path.name for path in (tmp_path / "raw").iterdir()) == [
        "conversations.parquet",
        "sources.json",
        "texts.parquet",
    ]


def test_url_source(tmp_path, server):
    content = lines({"instruction": "问", "input": "", "output": "答"}).encode()
    server.files["/x"] = content
    file = {"url": f"{server.address}/x", "name": "x.json", "sha256": hashlib.sha256(content).hexdigest()}
    add_profile(tmp_path, "web", {"kind": "url", "files": [file]}, "belle")
    conversations, _ = download(tmp_path, ["web"])
    assert conversations[0]["messages"] == turn("问", "答")
    assert list((tmp_path / ".dvc" / "tmp" / "downloads" / "data").iterdir()) == []


def test_fetched_file_is_kept_for_the_next_run_when_its_rows_are_wrong(tmp_path, server):
    content = lines({"instruction": "问"}).encode()
    server.files["/x"] = content
    file = {"url": f"{server.address}/x", "name": "x.json", "sha256": hashlib.sha256(content).hexdigest()}
    add_profile(tmp_path, "web", {"kind": "url", "files": [file]}, "belle")
    with pytest.raises(UserError, match=r"^web: x.json: row 1: key 'output' is missing"):
        download(tmp_path, ["web"])
    assert not (tmp_path / "raw").exists()
    add_profile(tmp_path, "web", {"kind": "url", "files": [file]}, "sharegpt")
    with pytest.raises(UserError, match=r"^web: x.json: row 1: key 'conversations' is missing"):
        download(tmp_path, ["web"])
    assert [asked for _, _, asked in server.requests] == [None, f"bytes={len(content)}-"]


def test_builtin_sources(tmp_path, monkeypatch):
    row = {"id": "b-1", "source": "b", "language": "zh", "category": None, "messages": turn("q", "a")}
    monkeypatch.setattr(
        "belle.download.data.conversations", lambda name, source: iter([row] * 3) if name == "g" else None
    )
    add_profile(tmp_path, "b", {"kind": "builtin", "name": "g"}, "conversations")
    conversations, texts = download(tmp_path, ["b"], limit=2)
    assert conversations == [row, row]
    assert texts == []


def test_a_source_named_twice_is_refused():
    with pytest.raises(ValueError, match="a source can be named once: a"):
        DataParams(sources=["a", "a"], text_sources=[], limit=None, text_limit=None, allow_unpinned=False)


MEMORY = """
import sys, resource
from pathlib import Path
from belle.config.data import DataParams
from belle.download.data import download_data
params = DataParams(sources=["big"], text_sources=[], limit=int(sys.argv[1]), text_limit=None, allow_unpinned=False)
download_data(params, Path("raw"))
print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024)
"""


@pytest.mark.slow
@pytest.mark.parametrize("array", [True, False])
def test_memory_does_not_grow_with_the_rows(tmp_path, array):
    text = "长" * 600
    rows = (json.dumps({"instruction": f"{n}{text}", "output": text}, ensure_ascii=False) for n in range(100_000))
    with (tmp_path / "big.json").open("w") as stream:
        stream.write("[" * array)
        for number, row in enumerate(rows):
            stream.write(("," * array + "\n") * (number > 0) + row)
        stream.write("]" * array)
    add_profile(tmp_path, "big", {"kind": "path", "path": "big.json"}, "belle")
    few, many = (peak_megabytes(limit) for limit in (20_000, 100_000))
    assert (tmp_path / "big.json").stat().st_size > 300 << 20
    assert many < few + 60


def peak_megabytes(limit: int) -> int:
    command = [sys.executable, "-c", MEMORY, str(limit)]
    return int(subprocess.run(command, capture_output=True, text=True, check=True, timeout=300).stdout)
