"""Typed values out of a record, and what is said of one that does not fit."""

import datetime

import pytest

from belle.data.importers.records import RowError, filled_text_of, kind_of, list_of, optional_text, text_of


def test_a_value_is_called_as_in_json():
    values = (None, True, "x", [], {}, 1, 2.5, datetime.date(2023, 4, 1))
    kinds = ["null", "true or false", "a string", "a list", "a mapping", "a number", "a number", "a date"]
    assert [kind_of(value) for value in values] == kinds


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
