import pytest

from belle.browse import select as module
from belle.browse.select import Selection, select_rows
from belle.errors import UserError
from clean_tables import write_clean


def ids(data, start=0, count=100, **wanted) -> list[str]:
    return [row["id"] for row in select_rows(data, Selection(**wanted), start, count)]


@pytest.mark.parametrize(
    ("wanted", "expected"),
    [
        ({"source": "other"}, ["other-1"]),
        ({"language": "zh", "category": "math"}, ["test-1"]),
        ({"category": "none", "search": "YES"}, ["test-4", "test-5", "test-6"]),
        ({"search": "桃子被张伟"}, ["test-2/own"]),
        ({"search": "[bold]"}, ["other-1"]),
        ({"id": "test-1"}, ["test-1"]),
        ({"table": "texts"}, ["text-1"]),
        ({"table": "texts", "search": "文"}, ["text-1"]),
        ({"table": "texts", "dropped": True}, ["text-2"]),
        ({"dropped": True, "reason": "duplicate"}, ["test-10", "test-13"]),
        ({"dropped": True, "category": "open qa"}, ["test-11"]),
        ({"dropped": True, "search": "北京"}, ["test-11"]),
    ],
)
@pytest.mark.parametrize("size", [1, 4, 100])
def test_rows_are_chosen_by_columns_and_text(data, monkeypatch, wanted, expected, size):
    monkeypatch.setattr(module, "ROWS_PER_BATCH", size)
    assert ids(data, **wanted) == expected


def test_pages(data):
    every = ids(data)
    assert len(every) == 6
    assert ids(data, 1, 2) == every[1:3]
    assert ids(data, 5, 2) == every[5:]
    with pytest.raises(UserError, match="from number 6 on"):
        ids(data, 6, 2)


def test_rows_that_no_importer_could_read(data):
    write_clean(data / "clean", [], unreadable=1)
    (row,) = select_rows(data, Selection(dropped=True, reason="unreadable", source="test"), 0, 10)
    assert row["id"] == "a.json, row 1"
    assert (row["reason"], row["detail"], row["text"]) == ("unreadable", "no output", "{}")


def test_an_unknown_value_is_answered_with_those_there_are(data):
    with pytest.raises(
        UserError, match=r"no row has the category 'maths'; did you mean math\?; there is: math, none, open qa"
    ):
        ids(data, category="maths")
    with pytest.raises(UserError, match=r"no row has the reason 'x'; there is: duplicate, contaminated, too_long"):
        ids(data, dropped=True, reason="x")
    with pytest.raises(UserError, match=r"no row has the category 'math'; there is: none$"):
        ids(data, table="texts", category="math")
    with pytest.raises(UserError, match=r"no row is what was asked for; belle data why test-10 looks"):
        ids(data, id="test-10")
    with pytest.raises(UserError, match=r"no row is what was asked for$"):
        ids(data, search="nowhere")
