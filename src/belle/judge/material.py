"""What is graded, as the stages before have left it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from belle.data.questions import Question, read_questions
from belle.errors import UserError
from belle.evaluate.answers import ANSWERS, Answer, asked_otherwise, read_answers
from belle.files import read_json_object

QUESTIONS, PROMPTS = Path("data/eval/questions.jsonl"), Path("data/eval/judge_prompts.json")
REPAIR = "run `dvc repro download_eval`"


@dataclass(frozen=True)
class Material:
    """What is graded, and by which words.

    Attributes:
        variant: name of what gave the answers, for people.
        answers: of the variant.
        questions: the whole set, which the anchors are made from.
        prompts: by category.
    """

    variant: str
    answers: Sequence[Answer]
    questions: Sequence[Question]
    prompts: Mapping[str, str]


def read_material(variant: str) -> Material:
    """Read the answers of a variant, the questions and the prompts.

    Raises:
        UserError: a missing or broken file, or answers of another evaluation set.
    """
    path = Path("eval") / variant / ANSWERS
    answers, questions = read_answers(path), read_questions(QUESTIONS, None)
    known = {question.id: question for question in questions}
    if other := [one.id for one in answers if one.id not in known or asked_otherwise(one, known[one.id])]:
        raise UserError(
            f"{path}: {other[0]!r} is no question of {QUESTIONS}: these are answers to another evaluation set; run "
            "`dvc repro` of its generate stage"
        )
    return Material(variant, answers, questions, read_json_object(PROMPTS, REPAIR))
