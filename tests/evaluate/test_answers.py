import json

import pytest

from belle.errors import UserError
from belle.evaluate.answers import read_answers, write_answers
from factories import answer, write_json_lines


def test_answers_are_read_as_they_were_written(tmp_path):
    odd = '第一行\n第二行\r\u2028\x85\t"引号" 😀'
    answers = [answer(odd, "2", identity="b"), answer("", None, identity="a")]
    write_answers(tmp_path / "answers.jsonl", answers)
    assert read_answers(tmp_path / "answers.jsonl") == answers
    written = (tmp_path / "answers.jsonl").read_bytes()
    assert "第一行".encode() in written
    assert list(json.loads(written.split(b"\n")[0])) == [
        "id", "question", "category", "reference", "answer", "thinking", "tokens", "stop",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("change", "key"),
    [
        ({"tokens": "1"}, "tokens"),
        ({"tokens": -1}, "tokens"),
        ({"stop": "error"}, "stop"),
        ({"answer": None}, "answer"),
        ({"category": ""}, "category"),
    ],
)
def test_a_wrong_answer_is_named_by_row_and_key(tmp_path, change, key):
    first, second = (answer("2", "2", identity=identity).model_dump() for identity in ("a", "b"))
    path = write_json_lines(tmp_path / "answers.jsonl", first, second | change)
    with pytest.raises(UserError, match=rf"^{path}: row 2: {key}: .*generate stage again"):
        read_answers(path)
