"""data/raw from several sources of several kinds."""

import hashlib
import json
import subprocess
import sys
from itertools import islice

import pytest

from belle.config.base import read_yaml
from belle.config.data import DataDownload
from belle.config.downloads import Downloads
from belle.data.tables import read_table
from belle.download.data import download_data
from belle.errors import UserError
from belle.mini.data import builtin
from factories import PEAK_MEMORY, conversation, conversation_row, text_row, write_json_lines
from http_server import use_hub_for_datasets

PROFILE = """
source: {source}
format: {format}
language: zh
license: MIT
homepage: here
"""


def add_profile(root, name: str, source: dict, form: str) -> None:
    (root / "configs" / "data").mkdir(parents=True, exist_ok=True)
    text = PROFILE.format(source=json.dumps(source), format=form)
    (root / "configs" / "data" / f"{name}.yaml").write_text(text)


def add_file(root, name: str, form: str, *records: dict) -> None:
    write_json_lines(root / f"{name}.json", *records)
    add_profile(root, name, {"kind": "path", "path": f"{name}.json"}, form)


def serve_file(root, server, name: str, form: str, *records: dict) -> bytes:
    """Put the records on the web server, and a profile that names them; return the file."""
    content = write_json_lines(root / "served.json", *records).read_bytes()
    server.files["/x"] = content
    file = {"url": f"{server.address}/x", "name": "x.json", "sha256": hashlib.sha256(content).hexdigest()}
    add_profile(root, name, {"kind": "url", "files": [file]}, form)
    return content


def download(root, sources: list[str], text_sources: list[str] | None = None, limit=None, text_limit=None, tolerated=0):
    """Return the conversations and the texts."""
    wanted = {"conversations": (sources, limit), "texts": (text_sources or [], text_limit)}
    for table, (names, most) in wanted.items():
        download_data(table, downloads(root, names, most, tolerated), root / "raw")
    return tuple(list(read_table(root / "raw" / f"{table}.parquet")) for table in wanted)


def downloads(root, names: list[str], limit: int | None, tolerated: int) -> Downloads[DataDownload]:
    profiles = {name: read_yaml(root / "configs" / "data" / f"{name}.yaml") for name in names}
    keys = DataDownload.model_fields
    sources = [
        {"name": name, "profile": {key: profile[key] for key in keys if key in profile}, "tracked": None}
        for name, profile in profiles.items()
    ]
    return Downloads[DataDownload].model_validate({"limit": limit, "max_malformed": tolerated, "sources": sources})


def test_sources_follow_one_another_and_limits_hold_for_each(tmp_path):
    records = [{"instruction": f"q{n}", "output": f"a{n}"} for n in range(3)]
    add_file(tmp_path, "one", "belle", *records)
    add_file(tmp_path, "two", "alpaca", *records)
    add_file(tmp_path, "plain", "text", {"text": "甲"}, {"text": "乙"})
    conversations, texts = download(tmp_path, ["two", "one"], ["plain"], limit=2, text_limit=1)
    assert [row["id"] for row in conversations] == ["two-1", "two-2", "one-1", "one-2"]
    assert conversations[2] == conversation_row("one-1", "q0", "a0", source="one")
    assert texts == [text_row("plain-1", "甲", source="plain")]
    assert sorted(path.name for path in (tmp_path / "raw").iterdir()) == [
        "conversations.malformed.parquet",
        "conversations.parquet",
        "conversations.sources.json",
        "texts.malformed.parquet",
        "texts.parquet",
        "texts.sources.json",
    ]


def test_each_source_is_recorded(tmp_path):
    add_file(tmp_path, "one", "belle", {"instruction": "q", "output": "a"})
    add_file(tmp_path, "plain", "text", {"text": "甲"}, {"text": "乙"})
    download(tmp_path, ["one"], ["plain"])
    records, texts = (
        json.loads((tmp_path / "raw" / f"{table}.sources.json").read_text()) for table in ("conversations", "texts")
    )
    assert (records["one"]["rows"], records["one"]["malformed"], texts["plain"]["rows"]) == (1, 0, 2)
    assert (records["one"]["format"], records["one"]["language"]) == ("belle", "zh")
    content = (tmp_path / "one.json").read_bytes()
    assert records["one"]["files"] == {"one.json": hashlib.sha256(content).hexdigest()}


def test_a_source_on_the_web_is_fetched(tmp_path, server):
    serve_file(tmp_path, server, "web", "belle", {"instruction": "问", "input": "", "output": "答"})
    conversations, _ = download(tmp_path, ["web"])
    assert conversations[0]["messages"] == conversation("问", "答")


def test_a_source_that_is_added_downloads_no_other_again(tmp_path, server):
    serve_file(tmp_path, server, "web", "belle", {"instruction": "问", "input": "", "output": "答"})
    add_file(tmp_path, "one", "belle", {"instruction": "q", "output": "a"})
    download(tmp_path, ["web"])
    conversations, _ = download(tmp_path, ["one", "web"])
    assert [row["id"] for row in conversations] == ["one-1", "web-1"]
    assert len(server.requests) == 1
    cache = tmp_path / ".dvc" / "tmp" / "downloads" / "data"
    assert [path.suffix for path in cache.iterdir()] == [".partial"]


def test_rows_that_do_not_fit_are_left_out_and_kept_with_their_reason(tmp_path):
    add_file(tmp_path, "one", "belle", {"instruction": "q", "output": "a"}, {"instruction": "坏"}, {"output": 1})
    add_file(tmp_path, "two", "belle", {"instruction": "坏"}, {"instruction": "q", "output": "a"})
    with pytest.raises(
        UserError, match=r"^one: one\.json: row 2: .*\n.*row 3: .*\none: more than 1 rows .*max_malformed"
    ):
        download(tmp_path, ["one", "two"], tolerated=1)
    assert list((tmp_path / "raw").iterdir()) == []
    conversations, _ = download(tmp_path, ["one", "two"], tolerated=2)
    assert [row["id"] for row in conversations] == ["one-1", "two-2"]
    malformed = list(read_table(tmp_path / "raw" / "conversations.malformed.parquet"))
    assert [(row["source"], row["file"], row["row"]) for row in malformed] == [
        ("one", "one.json", 2), ("one", "one.json", 3), ("two", "two.json", 1),
    ]  # fmt: skip
    assert malformed[0]["text"] == '{"instruction": "坏"}'
    assert malformed[0]["problem"].startswith("key 'output' is missing")
    records = json.loads((tmp_path / "raw" / "conversations.sources.json").read_text())
    assert [(records[name]["rows"], records[name]["malformed"]) for name in ("one", "two")] == [(1, 2), (1, 1)]
    assert list(read_table(tmp_path / "raw" / "texts.malformed.parquet")) == []


def test_categories_that_are_published_apart_are_joined_by_id(tmp_path, server):
    add_file(tmp_path, "one", "belle", *[{"id": str(n), "instruction": "q", "output": "a"} for n in (7, 8, 9)])
    labels = [{"id": 9, "category": "math"}, {"id": "7", "category": "code"}]

    def serve_labels(*rows: dict) -> None:
        serve_file(tmp_path, server, "labels", "text", *rows)
        source = read_yaml(tmp_path / "configs" / "data" / "labels.yaml")["source"]
        profile = read_yaml(tmp_path / "configs" / "data" / "one.yaml") | {"categories": {"source": source}}
        (tmp_path / "configs" / "data" / "one.yaml").write_text(json.dumps(profile))

    serve_labels(*labels)
    conversations, _ = download(tmp_path, ["one"])
    assert [row["category"] for row in conversations] == ["code", None, "math"]
    record = json.loads((tmp_path / "raw" / "conversations.sources.json").read_text())["one"]
    assert list(record["files"]) == ["one.json"] and list(record["categories"]["files"]) == ["x.json"]
    serve_labels({"id": 1, "category": "math"})
    with pytest.raises(UserError, match=r"^one: categories: no row"):
        download(tmp_path, ["one"])
    serve_labels({"id": 7})
    with pytest.raises(UserError, match=r"^one: x\.json: row 1: key 'category' is missing"):
        download(tmp_path, ["one"])


def test_a_split_of_the_hub_is_imported_with_its_commit(tmp_path, server, monkeypatch):
    use_hub_for_datasets(server.address, monkeypatch, tmp_path / "hub")
    rows = [{"question": "问", "answer": str(number)} for number in range(3)]
    content = write_json_lines(tmp_path / "x.jsonl", *rows).read_bytes()
    server.add_repo("datasets", "someone/rows", {"train.jsonl": content}, "0" * 40, "")
    source = {"kind": "dataset", "repo": "someone/rows", "revision": None, "split": "train", "streaming": True}
    add_profile(tmp_path, "split", source, "alpaca")
    with (tmp_path / "configs" / "data" / "split.yaml").open("a") as stream:
        stream.write("columns: {instruction: question, output: answer}\n")
    conversations, _ = download(tmp_path, ["split"], limit=2)
    assert [row["messages"] for row in conversations] == [conversation("问", "0"), conversation("问", "1")]
    record = json.loads((tmp_path / "raw" / "conversations.sources.json").read_text())["split"]
    assert (record["source"]["revision"], record["files"], record["rows"]) == ("0" * 40, {}, 2)


def test_a_fetched_file_is_kept_for_the_next_run_when_a_record_is_wrong(tmp_path, server):
    serve_file(tmp_path, server, "web", "belle", {"instruction": "问"})
    with pytest.raises(UserError, match=r"^web: x\.json: row 1: key 'output'"):
        download(tmp_path, ["web"])
    assert list((tmp_path / "raw").iterdir()) == []
    serve_file(tmp_path, server, "web", "sharegpt", {"instruction": "问"})
    with pytest.raises(UserError, match=r"^web: x\.json: row 1: key 'conversations'"):
        download(tmp_path, ["web"])
    assert len(server.requests) == 1


def test_a_builtin_source_is_made_as_far_as_its_limit(tmp_path):
    add_profile(tmp_path, "b", {"kind": "builtin", "name": "general"}, "conversations")
    conversations, texts = download(tmp_path, ["b"], limit=2)
    assert conversations == list(islice(builtin.conversations("general", "b"), 2))
    assert texts == []


MEMORY = f"""
import sys
from pathlib import Path
from belle.config.data import DataDownload
from belle.config.downloads import Downloads
from belle.download.data import download_data
{PEAK_MEMORY}
source = dict(kind="path", path="big.json")
sources = [dict(name="big", profile=dict(source=source, format="belle", language="zh"), tracked=None)]
wanted = dict(limit=int(sys.argv[1]), max_malformed=0, sources=sources)
wanted = Downloads[DataDownload].model_validate(wanted)
download_data("conversations", wanted, Path("raw"))
print(peak_megabytes())
"""


@pytest.mark.slow
@pytest.mark.parametrize("array", [True, False])
def test_memory_does_not_grow_with_the_conversations(tmp_path, array):
    text = "长" * 600
    records = (json.dumps({"instruction": f"{n}{text}", "output": text}, ensure_ascii=False) for n in range(100_000))
    with (tmp_path / "big.json").open("w") as stream:
        stream.write("[" * array)
        for number, record in enumerate(records):
            stream.write(("," * array + "\n") * (number > 0) + record)
        stream.write("]" * array)
    few, many = (peak_megabytes(limit) for limit in (20_000, 100_000))
    assert (tmp_path / "big.json").stat().st_size > 300 << 20
    assert many < few + 60


def peak_megabytes(limit: int) -> int:
    command = [sys.executable, "-c", MEMORY, str(limit)]
    return int(subprocess.run(command, capture_output=True, text=True, check=True, timeout=300).stdout)
