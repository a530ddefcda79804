"""Rows that do not fit: named at once, tolerated up to a number, kept with their reason."""

import datetime

import pytest

from belle.data.importers.convert import MalformedRows, convert_records
from belle.data.importers.read_files import UnreadableRow
from belle.data.importers.records import text_of
from belle.errors import UserError


def convert(*tables: list, malformed: MalformedRows | None = None):
    named = [(f"{name}.jsonl", values) for name, values in zip("ab", tables, strict=False)]
    return convert_records(named, lambda number, record: (number, text_of(record, "key")), malformed)


def test_numbers_run_through_all_tables():
    assert list(convert([{"key": "x"}, {"key": "y"}], [{"key": "z"}])) == [(1, "x"), (2, "y"), (3, "z")]


def test_rows_that_do_not_fit_are_named_at_once():
    converted = convert([{"key": "x"}, {"key": 1}, {"other": 1}], [{"key": None}, [2]])
    assert next(converted) == (1, "x")
    with pytest.raises(UserError) as error:
        list(converted)
    lines = str(error.value).splitlines()
    assert [line.split(": ")[:2] for line in lines] == [
        ["a.jsonl", "row 2"], ["a.jsonl", "row 3"], ["b.jsonl", "row 1"], ["b.jsonl", "row 2"],
    ]  # fmt: skip
    assert "found a list" in lines[3]


def test_after_ten_wrong_rows_the_import_stops():
    with pytest.raises(UserError) as error:
        list(convert([{"key": number} for number in range(30)]))
    assert str(error.value).splitlines() == [
        "a.jsonl: rows 1, 2, 3, 4, 5, 6, 7, 8, 9, 10: key 'key': expected a string, found a number",
        "a.jsonl: no row after 10 was looked at",
    ]


def test_as_many_as_are_tolerated_are_left_out_and_kept():
    malformed = MalformedRows(3)
    values = [{"key": "x"}, {"key": 1}, UnreadableRow("broken", '{"key'), {"key": "\ud83d"}, {"key": "y"}]
    assert list(convert(values, malformed=malformed)) == [(1, "x"), (5, "y")]
    assert [(row["file"], row["row"]) for row in malformed.rows] == [("a.jsonl", 2), ("a.jsonl", 3), ("a.jsonl", 4)]
    assert [row["text"] for row in malformed.rows] == ['{"key": 1}', '{"key', '{"key": "\\ud83d"}']
    assert malformed.rows[1]["problem"] == "broken"
    assert "surrogate" in malformed.rows[2]["problem"]


def test_a_row_of_a_table_is_kept_as_text_whatever_its_types():
    malformed = MalformedRows(1)
    assert list(convert([{"key": datetime.date(2023, 4, 1)}], malformed=malformed)) == []
    assert malformed.rows[0]["text"] == '{"key": "2023-04-01"}'


def test_one_more_than_is_tolerated_stops_the_import_and_says_what_to_do():
    malformed = MalformedRows(2, "do something")
    with pytest.raises(UserError) as error:
        list(convert([{"key": 1}, {"key": "x"}, {"key": 1}, {"key": 1}], malformed=malformed))
    assert str(error.value).splitlines() == [
        "a.jsonl: rows 1, 3, 4: key 'key': expected a string, found a number",
        "more than 2 rows do not fit; do something",
    ]


def test_the_import_stops_early_where_nothing_fits():
    malformed, read = MalformedRows(5), []
    values = (read.append(number) or {"key": number} for number in range(1000))
    with pytest.raises(UserError, match="no row after 15 was looked at"):
        list(convert(values, malformed=malformed))
    assert len(read) == 15
