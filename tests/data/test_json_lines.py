import json

import pytest

from belle.data.json_lines import Line, read_json_lines
from belle.errors import UserError
from factories import write_json_lines


class Named(Line):
    name: str
    size: int | None


ROW = {"id": "a", "name": "苹果", "size": 1}


def error_of(path) -> list[str]:
    """The lines of the error; each begins with the file and ends with what to do."""
    with pytest.raises(UserError) as error:
        read_json_lines(path, Named, "make it again")
    lines = str(error.value).splitlines()
    assert all(line.startswith(f"{path}: ") and line.endswith("; make it again") for line in lines)
    return [line.removeprefix(f"{path}: ") for line in lines]


@pytest.mark.parametrize("end", ["", "\n"])
def test_lines_are_read_in_order(tmp_path, end):
    rows = [ROW | {"id": name, "name": "a\rb\u2028"} for name in ("b", "a")]
    text = "\n".join(json.dumps(row, ensure_ascii=False) for row in rows) + end
    (tmp_path / "a.jsonl").write_text(text, encoding="utf-8", newline="")
    assert [line.model_dump() for line in read_json_lines(tmp_path / "a.jsonl", Named, "")] == rows


@pytest.mark.parametrize(
    ("change", "key"),
    [({"size": "1"}, "size"), ({"name": None}, "name"), ({"id": ""}, "id"), ({"extra": 1}, "extra")],
)
def test_a_wrong_value_is_named_by_row_and_key(tmp_path, change, key):
    path = write_json_lines(tmp_path / "a.jsonl", ROW, ROW | {"id": "b"} | change)
    (line,) = error_of(path)
    assert line.startswith(f"row 2: {key}: ")


def test_every_problem_is_a_line(tmp_path):
    path = write_json_lines(tmp_path / "a.jsonl", {"id": "a"}, ROW | {"size": "x"})
    assert [line.split(": ")[:2] for line in error_of(path)] == [
        ["row 1", "name"],
        ["row 1", "size"],
        ["row 2", "size"],
    ]


def test_an_id_given_twice_is_named_with_both_rows(tmp_path):
    (line,) = error_of(write_json_lines(tmp_path / "a.jsonl", ROW, ROW | {"id": "b"}, ROW))
    assert line.startswith("row 3: ")
    assert "'a'" in line
    assert "row 1" in line


@pytest.mark.parametrize("content", ["", "\n"])
def test_an_empty_file_is_refused(tmp_path, content):
    (tmp_path / "a.jsonl").write_text(content)
    assert len(error_of(tmp_path / "a.jsonl")) == 1


@pytest.mark.parametrize(("content", "row"), [("{\n", 1), ("\n" + json.dumps(ROW), 1), (json.dumps(ROW) + "\n\n\n", 2)])
def test_a_line_that_is_no_json_is_named(tmp_path, content, row):
    (tmp_path / "a.jsonl").write_text(content)
    assert error_of(tmp_path / "a.jsonl")[0].startswith(f"row {row}: ")


def test_a_missing_file_is_named(tmp_path):
    (line,) = error_of(tmp_path / "a.jsonl")
    assert "no such file" in line
