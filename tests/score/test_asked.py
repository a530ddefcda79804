from pathlib import Path

import pytest

from belle.data.questions import Question
from belle.errors import UserError
from belle.score.asked import check_asked
from factories import answer

OTHER = "另一个问题"
ANSWERS = [answer("北京", "北京", "open qa", "q1"), answer("", None, "generation", "q2")]
QUESTIONS = [Question(**one.model_dump(include=set(Question.model_fields))) for one in ANSWERS]


def test_answers_to_what_is_asked_are_scored():
    check_asked(Path("a"), ANSWERS, QUESTIONS)


@pytest.mark.parametrize(
    ("answers", "problem"),
    [
        (ANSWERS[:1], "1 answers where 2 questions are asked"),
        ([*ANSWERS, answer("", None, identity="q3")], "3 answers where 2 questions are asked"),
        (ANSWERS[::-1], "row 1: answers 'q2' where 'q1' is asked"),
        ([ANSWERS[0], answer("", None, "generation", "q9")], "row 2: answers 'q9' where 'q2' is asked"),
        ([ANSWERS[0], answer("", "x", "math", "q2")], "row 2: 'q2' is asked with another reference, category"),
        ([ANSWERS[0].model_copy(update={"question": OTHER}), ANSWERS[1]], "row 1: 'q1' is asked with another question"),
    ],
)
def test_other_answers_are_refused_in_one_line(answers, problem):
    with pytest.raises(UserError, match=f"^eval/a.jsonl: {problem}: these are answers to another") as raised:
        check_asked(Path("eval/a.jsonl"), answers, QUESTIONS)
    assert "\n" not in str(raised.value)
