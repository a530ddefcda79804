import json

import pytest

from belle.data.questions import read_questions
from belle.errors import UserError


def write(path, rows):
    path.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows), encoding="utf-8")
    return path


def question(number, **changes):
    return {"id": f"q{number}", "question": f"问题 {number}\r里", "reference": None, "category": "math"} | changes


@pytest.mark.parametrize(
    ("limit", "expected"), [(None, range(10)), (10, range(10)), (99, range(10)), (5, [0, 2, 4, 6, 8]), (3, [0, 3, 6])]
)
def test_limit_spreads_over_the_set_in_order(tmp_path, limit, expected):
    path = write(tmp_path / "questions.jsonl", [question(number) for number in range(10)])
    assert [one.id for one in read_questions(path, limit)] == [f"q{number}" for number in expected]


def test_values(tmp_path):
    path = write(tmp_path / "questions.jsonl", [question(0, reference="4")])
    assert read_questions(path, None)[0].model_dump() == question(0, reference="4")


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        ([question(0, question="")], "row 1: question: "),
        ([question(0), question(1, reference=4)], "row 2: reference: "),
        ([question(0, extra=1)], "row 1: extra: "),
        ([{"id": "a"}], "row 1: question: "),
        ([question(0), question(1), question(0)], "row 3: id 'q0' is already in row 1"),
        ([], "holds no rows"),
    ],
)
def test_bad_rows_are_named(tmp_path, rows, expected):
    path = write(tmp_path / "questions.jsonl", rows)
    with pytest.raises(UserError) as error:
        read_questions(path, None)
    lines = str(error.value).splitlines()
    assert expected in lines[0]
    assert all(line.startswith(str(path)) and "download_eval" in line for line in lines)


def test_truncated_line_and_missing_file(tmp_path):
    path = write(tmp_path / "questions.jsonl", [question(0), question(1)])
    path.write_bytes(path.read_bytes()[:-20])
    with pytest.raises(UserError, match="row 2: Invalid JSON"):
        read_questions(path, None)
    with pytest.raises(UserError, match="no such file"):
        read_questions(tmp_path / "none.jsonl", None)
