"""The answers of one model to the evaluation set: `answers.jsonl`, one answer a line, in question order."""

from collections.abc import Iterable
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from belle.errors import UserError
from belle.files import fresh_file

ANSWERS = "answers.jsonl"
REPAIR = "remove the file and run its generate stage again"


class Answer(BaseModel):
    """One line of `answers.jsonl`."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)

    id: str = Field(min_length=1)
    question: str
    category: str = Field(min_length=1)
    """NFKC, casefold."""
    reference: str | None
    answer: str
    """As decoded, without the end token; may be empty."""
    tokens: int = Field(ge=0)
    """Tokens generated."""
    stop: Literal["eos", "length"]
    """`eos`: the model ended its answer; `length`: it was cut at `max_new_tokens`."""


def write_answers(path: Path, answers: Iterable[Answer]) -> None:
    """Write answers in the given order, Chinese kept readable, atomically."""
    with fresh_file(path) as partial, partial.open("w", encoding="utf-8", newline="\n") as stream:
        stream.writelines(answer.model_dump_json() + "\n" for answer in answers)


def read_answers(path: Path) -> list[Answer]:
    """Read `answers.jsonl`.

    Raises:
        UserError: no such file, no answers in it, a row that is not an `Answer` (the message names file, row
            and key), or an id twice.
    """
    try:
        # by bytes: text mode would also break lines at a lone carriage return
        lines = Path(path).read_bytes().removesuffix(b"\n").split(b"\n")
    except FileNotFoundError:
        raise UserError(f"{path}: no such file; run its generate stage first") from None
    if lines == [b""]:
        raise UserError(f"{path}: no answers in it; {REPAIR}")
    answers = [_parse(path, number, line) for number, line in enumerate(lines, start=1)]
    _refuse_duplicates(path, answers)
    return answers


def _parse(path: Path, number: int, line: bytes) -> Answer:
    """One line as an `Answer`; every problem of the row in one UserError."""
    try:
        return Answer.model_validate_json(line)
    except ValidationError as error:
        details = [(".".join(map(str, detail["loc"])), detail["msg"]) for detail in error.errors()]
    problems = [f"{path}: row {number}: {key + ': ' if key else ''}{message}" for key, message in details]
    raise UserError("\n".join(f"{problem}; {REPAIR}" for problem in problems))


def _refuse_duplicates(path: Path, answers: list[Answer]) -> None:
    """An id twice would count one question twice."""
    first_row: dict[str, int] = {}
    for number, answer in enumerate(answers, start=1):
        if (first := first_row.setdefault(answer.id, number)) != number:
            raise UserError(f"{path}: row {number}: id {answer.id!r} is already in row {first}; {REPAIR}")
