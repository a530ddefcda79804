"""Records out of files, and the line that says what is wrong with a file."""

import json

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from belle.data.importers import json_array
from belle.data.importers.records import read_records, record_files
from belle.errors import UserError

ROWS = [{"a": "甲\n乙"}, {"a": ']}[{\\"', "b": [1, {"c": None}]}, {}]


def rows_of(tmp_path, content: str | bytes, name: str = "x.json") -> list[tuple[int, dict]]:
    path = tmp_path / name
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return list(read_records(path))


@pytest.mark.parametrize(
    "content",
    [
        "\n".join(json.dumps(row) for row in ROWS),
        "\n\n".join(json.dumps(row, ensure_ascii=False) for row in ROWS) + "\r\n\n",
        "\ufeff" + "\n".join(json.dumps(row) for row in ROWS),
        json.dumps(ROWS),
        "\ufeff \n" + json.dumps(ROWS, indent=2, ensure_ascii=False) + " \n",
    ],
    ids=["lines", "blank lines", "byte order mark", "array", "indented array"],
)
@pytest.mark.parametrize("chunk", [1, 7, 1 << 20])
def test_every_way_to_write_rows(tmp_path, content, chunk, monkeypatch):
    monkeypatch.setattr(json_array, "CHUNK_CHARACTERS", chunk)
    assert rows_of(tmp_path, content) == list(enumerate(ROWS, start=1))


def test_parquet(tmp_path):
    rows = [{"a": "甲", "b": [{"c": n}]} for n in range(2500)]
    pq.write_table(pa.Table.from_pylist(rows), tmp_path / "x.parquet")
    assert list(read_records(tmp_path / "x.parquet")) == list(enumerate(rows, start=1))


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("", "x.json: holds no rows"),
        (" \n ", "x.json: holds no rows"),
        ("[]", "x.json: holds no rows"),
        ('{"a": 1}\n{"a": 2', "x.json: row 2: broken or cut off"),
        ('{"a": 1}\n{"a": "unfinis', "x.json: row 2: broken or cut off"),
        ('[{"a": 1},\n{"a": "unfinis', "x.json: row 2: broken or cut off"),
        ('[{"a": 1},\n{"a": 2}', "x.json: row 3: broken or cut off .expected , or ], found the end of the file"),
        ('[{"a": 1},]', "x.json: row 2: broken or cut off"),
        ('[{"a": 1}] []', "x.json: row 2: broken or cut off .text after the end of the array"),
        ("[1, 2]", "x.json: row 1: expected a mapping of keys, found int"),
        ('{"a": 1}\n[2]', "x.json: row 2: expected a mapping of keys, found list"),
        ("[" * 200_000, "x.json: row 1: broken or cut off .nested too deeply"),
        ('{"a": 1}\n{"a": ' + "[" * 200_000, "x.json: row 2: broken or cut off .nested too deeply"),
        ('{"a": ' + "1" * 4301 + "}", "x.json: row 1: broken or cut off .Exceeds the limit .4300 digits"),
        ('[{"a": ' + "1" * 4301 + "}]", "x.json: row 1: broken or cut off .Exceeds the limit .4300 digits"),
        (b'{"a": "\xff"}', "x.json: row 1: broken or cut off"),
    ],
)
def test_what_is_wrong_is_said_with_file_and_row(tmp_path, content, message):
    with pytest.raises(UserError, match=message) as caught:
        rows_of(tmp_path, content)
    assert "\n" not in str(caught.value)


def test_broken_parquet(tmp_path):
    with pytest.raises(UserError, match=r"x.parquet: row 1: broken or cut off"):
        rows_of(tmp_path, b"PAR1 and nothing", "x.parquet")


def test_a_broken_element_does_not_read_the_file_to_its_end(tmp_path, monkeypatch):
    monkeypatch.setattr(json_array, "CHUNK_CHARACTERS", 10)
    monkeypatch.setattr(json_array, "MOST_CHARACTERS", 100)
    path = tmp_path / "x.json"
    path.write_text("[" + '{"a" 1}' + " " * 10_000 + "]")
    with path.open() as stream:
        with pytest.raises(json.JSONDecodeError):
            list(json_array.read_array(stream))
        assert stream.tell() < 1000


def test_other_files_are_named(tmp_path, capsys):
    for name in ("b.jsonl", "a.json", "README.md"):
        (tmp_path / name).write_text("x")
    assert [path.name for path in record_files(tmp_path)] == ["a.json", "b.jsonl"]
    assert "README.md: left out" in capsys.readouterr().err


def test_no_file_of_records(tmp_path):
    with pytest.raises(UserError, match=r"no file of the source ends in \.json"):
        record_files(tmp_path)
