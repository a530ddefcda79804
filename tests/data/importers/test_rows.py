"""Rows of the tables: ids, languages, categories, order of files."""

import pytest

from belle.data.importers.rows import import_rows
from belle.errors import UserError
from factories import text_row, write_json_lines


def imported(tmp_path, form: str, **files: list[dict]) -> list[dict]:
    for name, rows in files.items():
        write_json_lines(tmp_path / f"{name}.jsonl", *rows)
    return list(import_rows(tmp_path, "src", form, "en"))


def test_numbers_run_through_all_files_and_own_ids_stay_visible(tmp_path):
    row = {"instruction": "q", "output": "a"}
    rows = imported(tmp_path, "belle", b=[row, {**row, "id": 7}], a=[{**row, "id": "x/1"}, {**row, "id": "x/1"}])
    assert [row["id"] for row in rows] == ["src-1/x/1", "src-2/x/1", "src-3", "src-4/7"]


def test_the_category_is_kept_and_the_language_is_that_of_the_profile(tmp_path):
    row = {"instruction": "q", "output": "a", "language": "zh"}
    first, second = imported(tmp_path, "belle", a=[{**row, "category": "Open QA"}, row])
    assert (first["category"], second["category"]) == ("Open QA", None)
    assert first["language"] == "en"
    assert first["source"] == "src"


def test_own_tables_keep_their_language(tmp_path):
    rows = imported(tmp_path, "conversations", a=[{"messages": [], "language": "zh"}, {"messages": []}])
    assert [row["language"] for row in rows] == ["zh", "en"]


def test_texts_are_rows_of_their_own_table(tmp_path):
    rows = imported(tmp_path, "text", a=[{"text": "甲"}])
    assert rows == [text_row("src-1", "甲", source="src", language="en")]


@pytest.mark.parametrize("own", [True, 1.5, [1]])
def test_an_id_is_a_string_or_an_integer(tmp_path, own):
    with pytest.raises(UserError, match=rf"a\.jsonl: row 2: key 'id': .*{type(own).__name__}"):
        imported(tmp_path, "text", a=[{"text": "x"}, {"text": "x", "id": own}])
