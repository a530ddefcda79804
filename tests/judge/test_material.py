"""What the stages before have left, right and wrong."""

import json

import pytest

from belle.errors import UserError
from belle.evaluate.answers import write_answers
from belle.judge.material import PROMPTS as PROMPTS_FILE
from belle.judge.material import QUESTIONS, read_material
from factories import write_json_lines
from judge.factories import PROMPTS, answers_to, belle_set


@pytest.fixture(autouse=True)
def left(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    PROMPTS_FILE.parent.mkdir(parents=True)
    PROMPTS_FILE.write_text(json.dumps(PROMPTS), encoding="utf-8")
    write_json_lines(QUESTIONS, *(one.model_dump() for one in belle_set(6)))
    write_answers(tmp_path / "eval/unquantized/answers.jsonl", answers_to(belle_set(4)))


def test_answers_of_a_part_of_the_questions():
    found = read_material("unquantized")
    assert (len(found.answers), len(found.questions), found.prompts) == (4, 6, PROMPTS)


@pytest.mark.parametrize("changes", [{"question": "别的问题？"}, {"reference": "别的"}, {"category": "code"}])
def test_the_same_id_with_other_words_is_another_question(changes):
    first, *others = belle_set(6)
    write_json_lines(QUESTIONS, first.model_dump() | changes, *(one.model_dump() for one in others))
    with pytest.raises(UserError, match=r"answers\.jsonl: 'q-0' is no question of .*dvc repro"):
        read_material("unquantized")


@pytest.mark.parametrize(
    ("file", "content", "words"),
    [
        (PROMPTS_FILE, "[", "run `dvc repro download_eval`"),
        (
            QUESTIONS,
            '{"id": "q-0", "question": "?", "reference": null, "category": "math"}\n',
            "another evaluation set",
        ),
        ("eval/unquantized/answers.jsonl", "", "holds no rows"),
        ("eval/unquantized/answers.jsonl", None, "no such file"),
    ],
)
def test_what_is_broken_is_one_line(tmp_path, file, content, words):
    path = tmp_path / file
    path.unlink() if content is None else path.write_text(content, encoding="utf-8")
    with pytest.raises(UserError) as error:
        read_material("unquantized")
    assert words in str(error.value) and "\n" not in str(error.value)
