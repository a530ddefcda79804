"""Records out of files, and the line that says what is wrong with a file."""

import json

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from belle.data.importers import json_array
from belle.data.importers.records import (
    RowError,
    convert_records,
    filled_text_of,
    list_of,
    optional_text,
    read_records,
    record_files,
    text_of,
)
from belle.errors import UserError
from factories import write_json_lines

RECORDS = [{"a": "甲\n乙"}, {"a": ']}[{\\"', "b": [1, {"c": None}]}, {}]


def rows_of(tmp_path, content: str | bytes, name: str = "x.json") -> list[tuple[int, dict]]:
    path = tmp_path / name
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return list(read_records(path))


@pytest.mark.parametrize(
    "content",
    [
        "\n".join(json.dumps(row) for row in RECORDS),
        "\n\n".join(json.dumps(row, ensure_ascii=False) for row in RECORDS) + "\r\n\n",
        "\ufeff" + "\n".join(json.dumps(row) for row in RECORDS),
        json.dumps(RECORDS),
        "\ufeff \n" + json.dumps(RECORDS, indent=2, ensure_ascii=False) + " \n",
    ],
    ids=["lines", "blank lines", "byte order mark", "array", "indented array"],
)
@pytest.mark.parametrize("chunk", [1, 7, 1 << 20])
def test_every_way_to_write_records_gives_the_same(tmp_path, content, chunk, monkeypatch):
    monkeypatch.setattr(json_array, "CHUNK_CHARACTERS", chunk)
    assert rows_of(tmp_path, content) == list(enumerate(RECORDS, start=1))


def test_records_of_a_parquet_file(tmp_path):
    rows = [{"a": "甲", "b": [{"c": n}]} for n in range(2500)]
    pq.write_table(pa.Table.from_pylist(rows), tmp_path / "x.parquet")
    assert list(read_records(tmp_path / "x.parquet")) == list(enumerate(rows, start=1))


@pytest.mark.parametrize(
    ("content", "row", "problem"),
    [
        ('{"a": 1}\n{"a": 2', 2, ""),
        ('{"a": 1}\n{"a": "unfinis', 2, ""),
        ('[{"a": 1},\n{"a": "unfinis', 2, ""),
        ('[{"a": 1},\n{"a": 2}', 3, "end of the file"),
        ('[{"a": 1},]', 2, ""),
        ('[{"a": 1}] []', 2, "after the end"),
        ("[1, 2]", 1, "found a number"),
        ('{"a": 1}\n[2]', 2, "found a list"),
        ("[" * 200_000, 1, "nested"),
        ('{"a": 1}\n{"a": ' + "[" * 200_000, 2, "nested"),
        ('{"a": ' + "1" * 4301 + "}", 1, "4300 digits"),
        ('[{"a": ' + "1" * 4301 + "}]", 1, "4300 digits"),
    ],
)
def test_a_broken_file_is_named_with_its_row(tmp_path, content, row, problem):
    with pytest.raises(UserError, match=rf"^x\.json: row {row}: .*{problem}") as error:
        rows_of(tmp_path, content)
    assert "\n" not in str(error.value)


@pytest.mark.parametrize("content", [b'{"a": "\xff"}', '{"a": "中"}'.encode("gbk"), '{"a": 1}'.encode("utf-16")])
def test_another_encoding_is_told_how_to_convert(tmp_path, content):
    with pytest.raises(UserError, match=r"^x\.json: not UTF-8.*iconv"):
        rows_of(tmp_path, content)


def test_rows_that_do_not_fit_are_named_at_once(tmp_path):
    write_json_lines(tmp_path / "a.jsonl", {"key": "x"}, {"key": 1}, {"other": 1})
    write_json_lines(tmp_path / "b.jsonl", {"key": None})
    converted = convert_records([tmp_path / "a.jsonl", tmp_path / "b.jsonl"], lambda _, record: text_of(record, "key"))
    assert next(converted) == "x"
    with pytest.raises(UserError) as error:
        list(converted)
    named = [line.split(": key")[0] for line in str(error.value).splitlines()]
    assert named == ["a.jsonl: row 2", "a.jsonl: row 3", "b.jsonl: row 1"]


def test_after_ten_wrong_rows_the_import_stops(tmp_path):
    write_json_lines(tmp_path / "a.jsonl", *[{"key": number} for number in range(30)])
    with pytest.raises(UserError) as error:
        list(convert_records([tmp_path / "a.jsonl"], lambda _, record: text_of(record, "key")))
    lines = str(error.value).splitlines()
    assert lines == [
        "a.jsonl: rows 1, 2, 3, 4, 5, 6, 7, 8, 9, 10: key 'key': expected a string, found a number",
        "a.jsonl: no row after 10 was looked at",
    ]


@pytest.mark.parametrize("content", ["", " \n ", "[]"])
def test_a_file_without_rows_is_refused(tmp_path, content):
    with pytest.raises(UserError, match=r"^x\.json: .*no rows"):
        rows_of(tmp_path, content)


def test_a_broken_parquet_file_is_named(tmp_path):
    with pytest.raises(UserError, match=r"^x\.parquet: row 1: "):
        rows_of(tmp_path, b"PAR1 and nothing", "x.parquet")


def test_files_that_hold_no_records_are_named(tmp_path, capsys):
    for name in ("b.jsonl", "a.json", "README.md"):
        (tmp_path / name).write_text("x")
    assert [path.name for path in record_files(tmp_path)] == ["a.json", "b.jsonl"]
    assert "README.md: " in capsys.readouterr().err


def test_a_folder_without_records_is_refused(tmp_path):
    with pytest.raises(UserError, match=r"\.json, \.jsonl, \.parquet"):
        record_files(tmp_path)


@pytest.mark.parametrize(
    ("record", "problem"),
    [
        ({"other": 1, "name": 2}, "missing.*'other', 'name'"),
        ({}, "missing"),
        ({"key": 1}, "string.*number"),
        ({"key": None}, "string.*null"),
        ({"key": "q\ud83d"}, "surrogate"),
    ],
)
def test_a_value_that_is_no_text_is_named_by_its_key(record, problem):
    with pytest.raises(RowError, match=f"^key 'key'.*{problem}"):
        text_of(record, "key")


def test_text_is_taken_as_it_is():
    assert text_of({"key": " 🙂\n"}, "key") == " 🙂\n"
    assert text_of({"key": ""}, "key") == ""


def test_text_that_must_be_filled_holds_more_than_blanks():
    assert filled_text_of({"key": " x "}, "key") == " x "
    with pytest.raises(RowError, match=r"^key 'key'.*empty"):
        filled_text_of({"key": "\u3000\n"}, "key")


def test_optional_text_may_be_absent_or_null_but_nothing_else():
    assert optional_text({}, "key") is optional_text({"key": None}, "key") is None
    assert optional_text({"key": ""}, "key") == ""
    with pytest.raises(RowError, match=r"^key 'key'.*string.*number"):
        optional_text({"key": 0}, "key")


def test_a_list_holds_mappings_alone():
    assert list_of({"key": [{"a": 1}]}, "key") == [{"a": 1}]
    for value in ("text", {"a": 1}, ["text"]):
        with pytest.raises(RowError, match=r"^key 'key'.*list"):
            list_of({"key": value}, "key")
