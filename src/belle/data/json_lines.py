"""Read JSON Lines files of an evaluation: one typed line per question, in the order of the questions."""

from pathlib import Path
from typing import TypeVar

from pydantic import BaseModel, ConfigDict, Field, ValidationError
from pydantic_core import ErrorDetails

from belle.errors import UserError


class Line(BaseModel):
    """What every line has; its other keys are those of its kind."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)

    id: str = Field(min_length=1)

    @property
    def identity(self) -> str:
        """What no other line of the file has."""
        return self.id


Kind = TypeVar("Kind", bound=Line)


def read_json_lines(path: Path, kind: type[Kind], repair: str) -> list[Kind]:
    """Read a file whose lines are of one kind; `repair` ends each error: what to do about the file.

    Raises:
        UserError: no such file, nothing in it, a row that is not of this kind (file, row and key), or an id twice.
    """
    try:
        # by bytes: text mode would also break lines at a lone carriage return
        lines = path.read_bytes().removesuffix(b"\n").split(b"\n")
    except FileNotFoundError:
        raise UserError(f"{path}: no such file; {repair}") from None
    if lines == [b""]:
        raise UserError(f"{path}: holds no rows; {repair}")
    first_row: dict[str, int] = {}
    rows, problems = [], []
    for number, line in enumerate(lines, start=1):
        try:
            row = kind.model_validate_json(line)
        except ValidationError as error:
            problems += [f"row {number}: {_explain(detail)}" for detail in error.errors()]
            continue
        # an id twice would count one question twice
        if (first := first_row.setdefault(row.identity, number)) != number:
            problems.append(f"row {number}: id {row.identity!r} is already in row {first}")
        rows.append(row)
    if problems:
        raise UserError("\n".join(f"{path}: {problem}; {repair}" for problem in problems))
    return rows


def _explain(detail: ErrorDetails) -> str:
    key = ".".join(map(str, detail["loc"]))
    return f"{key + ': ' if key else ''}{detail['msg']}"
