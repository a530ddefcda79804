"""The evaluation set as the generate stages read it: data/eval/questions.jsonl."""

from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from belle.errors import UserError

REPAIR = "run download_eval again"


class Question(BaseModel):
    """One line of `questions.jsonl`."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)

    id: str = Field(min_length=1)
    question: str = Field(min_length=1)
    reference: str | None
    category: str = Field(min_length=1)


def read_questions(path: Path, limit: int | None) -> list[Question]:
    """Read the questions in file order; with `limit`, so many spread evenly over the set (all when fewer).

    Raises:
        UserError: no such file, no questions in it, an id twice, or rows that are not a `Question`, one line each.
    """
    try:
        # by bytes: text mode would also break lines at a lone carriage return
        lines = Path(path).read_bytes().removesuffix(b"\n").split(b"\n")
    except FileNotFoundError:
        raise UserError(f"{path}: no such file; {REPAIR}") from None
    if lines == [b""]:
        raise UserError(f"{path}: no questions in it; {REPAIR}")
    questions, problems = [], []
    for number, line in enumerate(lines, start=1):
        try:
            questions.append(Question.model_validate_json(line))
        except ValidationError as error:
            problems += [f"{path}: row {number}: {_explain(detail)}; {REPAIR}" for detail in error.errors()]
    problems += _duplicates(path, questions)
    if problems:
        raise UserError("\n".join(problems))
    count = min(limit or len(questions), len(questions))
    return [questions[index * len(questions) // count] for index in range(count)]


def _explain(detail: dict) -> str:
    key = ".".join(map(str, detail["loc"]))
    return f"{key + ': ' if key else ''}{detail['msg']}"


def _duplicates(path: Path, questions: list[Question]) -> list[str]:
    """Answers are found again by the id of their question."""
    ids = [question.id for question in questions]
    twice = sorted({id for id in ids if ids.count(id) > 1}) if len(set(ids)) < len(ids) else []
    return [f"{path}: id {id!r} is there twice; {REPAIR}" for id in twice]
