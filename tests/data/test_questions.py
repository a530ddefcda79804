import pytest

from belle.data.questions import read_questions
from belle.errors import UserError
from factories import question, write_json_lines

QUESTIONS = [question(f"q{number}", f"问题 {number}\r里", category="math") for number in range(10)]


def write(folder, questions):
    return write_json_lines(folder / "questions.jsonl", *(one.model_dump() for one in questions))


@pytest.mark.parametrize(
    ("limit", "expected"), [(None, range(10)), (10, range(10)), (99, range(10)), (5, [0, 2, 4, 6, 8]), (3, [0, 3, 6])]
)
def test_a_limit_spreads_over_the_set_in_order(tmp_path, limit, expected):
    assert read_questions(write(tmp_path, QUESTIONS), limit) == [QUESTIONS[number] for number in expected]


@pytest.mark.parametrize(
    ("change", "key"), [({"question": ""}, "question"), ({"category": ""}, "category"), ({"reference": 4}, "reference")]
)
def test_a_wrong_question_is_named_by_row_and_key(tmp_path, change, key):
    rows = [one.model_dump() for one in QUESTIONS[:2]]
    path = write_json_lines(tmp_path / "questions.jsonl", rows[0], rows[1] | change)
    with pytest.raises(UserError, match=rf"questions\.jsonl: row 2: {key}: .*dvc repro download_eval"):
        read_questions(path, None)
