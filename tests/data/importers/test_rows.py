"""Rows of the tables: ids, languages, categories, order of files."""

import json

import pytest

from belle.config.evaluation_set import normalize_category
from belle.data.importers.rows import import_rows
from belle.errors import UserError


def imported(tmp_path, form: str, **files: list[dict]) -> list[dict]:
    for name, rows in files.items():
        (tmp_path / f"{name}.jsonl").write_text("\n".join(map(json.dumps, rows)))
    return list(import_rows(tmp_path, "src", form, "en"))


def test_numbers_run_through_all_files_and_own_ids_stay_visible(tmp_path):
    row = {"instruction": "q", "output": "a"}
    rows = imported(tmp_path, "belle", b=[row, {**row, "id": 7}], a=[{**row, "id": "x/1"}, {**row, "id": "x/1"}])
    assert [row["id"] for row in rows] == ["src-1/x/1", "src-2/x/1", "src-3", "src-4/7"]


def test_category_is_kept_and_language_is_the_profiles(tmp_path):
    row = {"instruction": "q", "output": "a", "language": "zh"}
    first, second = imported(tmp_path, "belle", a=[{**row, "category": "Open QA"}, row])
    assert (first["category"], second["category"]) == ("Open QA", None)
    assert first["language"] == "en"
    assert first["source"] == "src"


def test_own_tables_keep_their_language(tmp_path):
    rows = imported(tmp_path, "conversations", a=[{"messages": [], "language": "zh"}, {"messages": []}])
    assert [row["language"] for row in rows] == ["zh", "en"]


def test_texts(tmp_path):
    assert imported(tmp_path, "text", a=[{"text": "甲"}]) == [
        {"id": "src-1", "source": "src", "language": "en", "text": "甲"}
    ]


@pytest.mark.parametrize("own", [True, 1.5, [1]])
def test_ids_of_other_types(tmp_path, own):
    with pytest.raises(UserError, match=r"a\.jsonl: row 2: key 'id': expected a string or an integer"):
        imported(tmp_path, "text", a=[{"text": "x"}, {"text": "x", "id": own}])


@pytest.mark.parametrize(
    ("name", "normal"),
    [("closed\u00a0QA", "closed qa"), (" Ｍａｔｈ ", "math"), ("open qa", "open qa"), ("Straße", "strasse")],
)
def test_categories_are_spelled_in_one_way(name, normal):
    assert normalize_category(name) == normal
