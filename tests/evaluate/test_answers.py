import json

import pytest

from belle.errors import UserError
from belle.evaluate.answers import Answer, read_answers, write_answers

ROW = {
    "id": "q1",
    "question": "1+1=?",
    "category": "math",
    "reference": "2",
    "answer": "2",
    "tokens": 1,
    "stop": "eos",
}


def write_lines(path, *lines):
    path.write_text("".join(line + "\n" for line in lines), encoding="utf-8", newline="")
    return path


def test_round_trip_keeps_order_text_and_bytes(tmp_path):
    odd = '第一行\n第二行\r\u2028\x85\t"引号" 😀'
    answers = [
        Answer(**ROW | {"id": "b", "answer": odd}),
        Answer(**ROW | {"id": "a", "answer": "", "reference": None}),
    ]
    write_answers(tmp_path / "answers.jsonl", answers)
    assert read_answers(tmp_path / "answers.jsonl") == answers
    first = (tmp_path / "answers.jsonl").read_bytes()
    assert "第一行".encode() in first
    assert list(json.loads(first.split(b"\n")[0])) == list(ROW)


@pytest.mark.parametrize(
    ("change", "complaint"),
    [
        ({"tokens": "1"}, "tokens: Input should be a valid integer"),
        ({"tokens": -1}, "tokens: Input should be greater than or equal to 0"),
        ({"stop": "error"}, "stop: Input should be 'eos' or 'length'"),
        ({"answer": None}, "answer: Input should be a valid string"),
        ({"id": ""}, "id: String should have at least 1 character"),
        ({"extra": 1}, "extra: Extra inputs are not permitted"),
    ],
)
def test_a_bad_row_is_named(tmp_path, change, complaint):
    path = write_lines(tmp_path / "answers.jsonl", json.dumps(ROW), json.dumps(ROW | {"id": "q2"} | change))
    with pytest.raises(UserError) as caught:
        read_answers(path)
    assert str(caught.value).startswith(f"{path}: row 2: {complaint}")


def test_every_problem_of_a_row_is_a_line(tmp_path):
    path = write_lines(tmp_path / "answers.jsonl", json.dumps({"id": "q1"}))
    with pytest.raises(UserError) as caught:
        read_answers(path)
    assert [line.split(": ")[2] for line in str(caught.value).splitlines()] == list(ROW)[1:]


@pytest.mark.parametrize(
    ("lines", "complaint"),
    [
        ([], "holds no rows"),
        ([json.dumps(ROW), ""], "row 2: Invalid JSON"),
        ([json.dumps(ROW)[:-9]], "row 1: Invalid JSON"),
        ([json.dumps(ROW), json.dumps(ROW)], "row 2: id 'q1' is already in row 1"),
    ],
)
def test_a_bad_file_is_refused(tmp_path, lines, complaint):
    path = write_lines(tmp_path / "answers.jsonl", *lines)
    with pytest.raises(UserError, match="run its generate stage again") as caught:
        read_answers(path)
    assert f"{path}: {complaint}" in str(caught.value)


def test_a_missing_file_is_named(tmp_path):
    with pytest.raises(UserError, match=r"answers\.jsonl: no such file; .*run its generate stage again"):
        read_answers(tmp_path / "answers.jsonl")
