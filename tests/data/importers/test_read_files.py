"""Rows out of files of every format, and the line that says what is wrong with a file."""

import csv
import gzip
import json
import subprocess
import sys
from random import Random

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from belle.data.importers import json_array, read_files
from belle.data.importers.read_files import NO_ROWS, UnreadableRow, is_text, read_rows, record_files
from belle.errors import UserError
from factories import PEAK_MEMORY

RECORDS = [{"a": "甲\n乙"}, {"a": ']}[{\\"', "b": [1, {"c": None}]}, {}]
ROWS = [{"a": "甲", "b": [{"c": n}]} for n in range(2500)]


def rows_of(tmp_path, content: str | bytes, name: str = "x.json") -> list:
    path = tmp_path / name
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return list(read_rows(path))


def zstd(content: bytes) -> bytes:
    stream = pa.BufferOutputStream()
    with pa.CompressedOutputStream(stream, "zstd") as compressed:
        compressed.write(content)
    return stream.getvalue().to_pybytes()


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
def test_every_way_to_write_json_gives_the_same(tmp_path, content, chunk, monkeypatch):
    monkeypatch.setattr(json_array, "CHUNK_CHARACTERS", chunk)
    monkeypatch.setattr(read_files, "READ_BYTES", max(chunk, 4))
    assert rows_of(tmp_path, content) == RECORDS


@pytest.mark.parametrize(("ending", "compress"), [("gz", gzip.compress), ("zst", zstd)])
@pytest.mark.parametrize("array", [True, False])
def test_compressed_text_is_read_as_what_it_holds(tmp_path, ending, compress, array):
    lines = [json.dumps(row).encode() + b"\n" for row in RECORDS]
    # two parts, as they stand after `cat a.gz b.gz`
    content = compress(json.dumps(RECORDS).encode()) if array else compress(lines[0]) + compress(b"".join(lines[1:]))
    assert rows_of(tmp_path, content, f"x.jsonl.{ending}") == RECORDS
    assert rows_of(tmp_path, compress("a\n甲\n".encode()), f"x.csv.{ending}") == [{"a": "甲"}]


@pytest.mark.parametrize(("ending", "compress"), [("gz", gzip.compress), ("zst", zstd)])
def test_compressed_text_that_is_damaged_is_named(tmp_path, ending, compress):
    content = compress(b"".join(b'{"a": "%d"}\n' % number for number in range(50_000)))
    for broken in (content[: len(content) // 2], b"no archive at all"):
        with pytest.raises(UserError, match=rf"^x\.jsonl\.{ending}: row \d+: broken or cut off"):
            rows_of(tmp_path, broken, f"x.jsonl.{ending}")


def test_rows_of_a_parquet_file(tmp_path):
    pq.write_table(pa.Table.from_pylist(ROWS), tmp_path / "x.parquet")
    assert list(read_rows(tmp_path / "x.parquet")) == ROWS


@pytest.mark.parametrize("make", [pa.ipc.new_file, pa.ipc.new_stream], ids=["file", "stream"])
def test_rows_of_an_arrow_file(tmp_path, make):
    table = pa.Table.from_pylist(ROWS)
    with make(str(tmp_path / "x.arrow"), table.schema) as writer:
        writer.write_table(table, max_chunksize=2200)
    assert list(read_rows(tmp_path / "x.arrow")) == ROWS


def test_rows_of_a_csv_file_are_texts_by_the_names_of_its_first_row(tmp_path):
    with (tmp_path / "x.csv").open("w", encoding="utf-8-sig", newline="") as stream:
        writer = csv.writer(stream)
        writer.writerows([["a", "b"], ["甲,\n乙", '"quoted"'], ["1", ""]])
    assert list(read_rows(tmp_path / "x.csv")) == [{"a": "甲,\n乙", "b": '"quoted"'}, {"a": "1", "b": ""}]


def test_a_csv_row_of_another_length_is_unreadable_and_hides_none(tmp_path):
    first, wrong, last = rows_of(tmp_path, "a,b\n1,2\n1,2,3\n\n3,4\n", "x.csv")
    assert (first, last) == ({"a": "1", "b": "2"}, {"a": "3", "b": "4"})
    assert wrong == UnreadableRow("expected 2 fields as in the first row of the file, found 3", "1,2,3")


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        ('a,b\n1,"2\n3,4\n5,6', "row 1: broken.*end of data"),
        ("a,b,a\n1,2,3\n", "row 1: .*column twice: a"),
        ("a,b\n", "no rows"),
        ("a,b\n1,中\n".encode("gbk"), "not UTF-8.*iconv"),
    ],
)
def test_a_broken_csv_file_is_named(tmp_path, content, problem):
    with pytest.raises(UserError, match=rf"^x\.csv: .*{problem}"):
        rows_of(tmp_path, content, "x.csv")


@pytest.mark.parametrize(
    ("line", "problem"),
    [
        ('{"a": 2', "broken or cut off"),
        ('{"a": "unfinis', "broken or cut off"),
        ('{"a": ' + "[" * 200_000, "nested"),
        ('{"a": ' + "1" * 4301 + "}", "4300 digits"),
        (b'{"a": "\xff"}', "not UTF-8.*iconv"),
        ('{"a": "中"}'.encode("gbk"), "not UTF-8.*iconv"),
    ],
)
def test_a_broken_line_hides_none(tmp_path, line, problem):
    line = line if isinstance(line, bytes) else line.encode()
    first, broken, last = rows_of(tmp_path, b'{"a": 1}\n' + line + b'\n{"a": 3}\n')
    assert (first, last) == ({"a": 1}, {"a": 3})
    assert broken.text == line.decode("utf-8", "replace")
    assert problem.split(".*")[0] in broken.problem


@pytest.mark.parametrize(
    ("content", "row", "problem"),
    [
        ('[{"a": 1},\n{"a": "unfinis', 2, ""),
        ('[{"a": 1},\n{"a": 2}', 3, "end of the file"),
        ('[{"a": 1},]', 2, ""),
        ('[{"a": 1}] []', 2, "after the end"),
        ("[" * 200_000, 1, "nested"),
        ('[{"a": ' + "1" * 4301 + "}]", 1, "4300 digits"),
    ],
)
def test_a_broken_array_is_named_with_its_row(tmp_path, content, row, problem):
    with pytest.raises(UserError, match=rf"^x\.json: row {row}: .*{problem}") as error:
        rows_of(tmp_path, content)
    assert "\n" not in str(error.value)


def test_an_array_in_another_encoding_is_told_how_to_convert(tmp_path):
    with pytest.raises(UserError, match=r"^x\.json: not UTF-8.*iconv"):
        rows_of(tmp_path, '[{"a": "中"}]'.encode("gbk"))


def test_a_line_without_end_is_given_up(tmp_path, monkeypatch):
    monkeypatch.setattr(read_files, "MOST_CHARACTERS", 1 << 20)
    with pytest.raises(UserError, match=r"^x\.json: row 2: .*more than 1 MiB"):
        rows_of(tmp_path, '{"a": 1}\n{"a": "' + "x" * (1 << 21) + '"}')


@pytest.mark.parametrize(("content", "name"), [("", "x.json"), (" \n ", "x.json"), ("[]", "x.json"), ("", "x.csv")])
def test_a_file_without_rows_is_refused(tmp_path, content, name):
    with pytest.raises(UserError, match=rf"^{name}: .*no rows"):
        rows_of(tmp_path, content, name)


@pytest.mark.parametrize("name", ["x.parquet", "x.arrow"])
@pytest.mark.parametrize("content", [b"PAR1 and nothing", b"ARROW1 and nothing", b""])
def test_a_broken_table_is_named(tmp_path, name, content):
    with pytest.raises(UserError, match=rf"^{name}: row 1: "):
        rows_of(tmp_path, content, name)


def test_files_that_hold_no_records_are_named(tmp_path, capsys):
    for name in ("b.jsonl", "a.json", "c.csv.zst", "README.md", "d.parquet.gz", *NO_ROWS):
        (tmp_path / name).write_text("x")
    assert [path.name for path in record_files(tmp_path)] == ["a.json", "b.jsonl", "c.csv.zst"]
    said = capsys.readouterr().err
    assert all(f"{name}: " in said for name in ("README.md", "d.parquet.gz", *NO_ROWS))


def test_a_folder_without_records_is_refused(tmp_path):
    with pytest.raises(UserError, match=r"\.json, \.jsonl, \.csv, \.parquet, \.arrow"):
        record_files(tmp_path)


def test_what_datasets_has_saved_is_read(tmp_path):
    import datasets

    rows = [{"instruction": "问", "output": str(number)} for number in range(3)]
    datasets.Dataset.from_list(rows).save_to_disk(tmp_path / "saved")
    (path,) = record_files(tmp_path / "saved")
    assert list(read_rows(path)) == rows


def test_only_text_can_be_read_from_its_beginning():
    names = ("a.json", "a.csv.gz", "a.parquet", "a.arrow", "state.json", "a.gz")
    assert [name for name in names if is_text(name)] == ["a.json", "a.csv.gz"]


MEMORY = f"""
import sys
from pathlib import Path
from belle.data.importers.read_files import read_rows
{PEAK_MEMORY}
before = peak_megabytes()
print(sum(1 for _ in read_rows(Path(sys.argv[1]))))
print(peak_megabytes() - before)
"""


@pytest.mark.slow
@pytest.mark.parametrize(("name", "count"), [("x.json", 6_000), ("x.parquet", 60_000)])
def test_an_array_on_one_line_and_a_table_in_one_group_are_not_read_whole(tmp_path, name, count):
    path, random = tmp_path / name, Random(0)
    rows = [{"text": f"{random.getrandbits(288_000_000 // count):x}"} for _ in range(count)]
    if name == "x.json":
        path.write_text(json.dumps(rows))
    else:
        pq.write_table(pa.Table.from_pylist(rows), path, row_group_size=len(rows), compression="none")
    assert path.stat().st_size > 68 << 20
    command = [sys.executable, "-c", MEMORY, str(path)]
    rows, megabytes = subprocess.run(command, capture_output=True, text=True, check=True).stdout.split()
    assert int(rows) == count
    assert int(megabytes) < 60
