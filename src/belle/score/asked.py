"""Answers are scored when they answer the questions of the evaluation set, and all that are asked."""

from collections.abc import Sequence
from pathlib import Path

from belle.data.questions import Question
from belle.errors import UserError
from belle.evaluate.answers import Answer, asked_otherwise

REPAIR = "these are answers to another evaluation set or evaluate.limit; run `dvc repro` of their generate stage"


def check_asked(path: Path, answers: Sequence[Answer], questions: Sequence[Question]) -> None:
    """Refuse answers to other questions than those that are asked.

    Args:
        path: where the answers are from.
        answers: in the order of the file.
        questions: those of the evaluation set that are asked, in order.

    Raises:
        UserError: a question more or less, or one with another id, text, category or reference; names the first.
    """
    for row, (answer, question) in enumerate(zip(answers, questions, strict=False), start=1):
        if answer.id != question.id:
            raise UserError(f"{path}: row {row}: answers {answer.id!r} where {question.id!r} is asked: {REPAIR}")
        if other := asked_otherwise(answer, question):
            raise UserError(f"{path}: row {row}: {answer.id!r} is asked with another {', '.join(other)}: {REPAIR}")
    if len(answers) != len(questions):
        raise UserError(f"{path}: {len(answers)} answers where {len(questions)} questions are asked: {REPAIR}")
