"""Files of scores that people gave: human_scores/NAME.json, as the report page exports it."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, ValidationError
from pydantic_core import ErrorDetails

from belle.config.messages import shown
from belle.errors import UserError
from belle.score.hashes import LENGTH

REPAIR = "export it again from the report page, or remove the file"
RATER = r"^[\p{L}\p{M}\p{N}_-][\p{L}\p{M}\p{N}._-]{0,39}$"
"""Names of people, which name files and scorers too. The report page takes its rule from here, as JavaScript."""

AnswerHash = Annotated[str, Field(pattern=rf"^[0-9a-f]{{{LENGTH}}}$")]
Score = Annotated[float, Field(ge=0, le=1)]


class HumanScores(BaseModel):
    """One file of a person's scores."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)

    rater: str = Field(pattern=RATER)
    """Name of the person."""
    report: str
    """Digest of the report page that the answers were scored on."""
    order: int | None = Field(default=None, ge=1)
    """Number of the order in which the page showed the answers; older files do not name it."""
    scores: dict[AnswerHash, Score | None]
    """By `rating_hash`; null where the person could not judge."""
    repeats: list[tuple[AnswerHash, Score | None, Score | None]] = Field(default=[])
    """Answers that were shown twice: hash, first score, second score."""


def read_human_scores(directory: Path) -> dict[str, HumanScores]:
    """Read all files of people's scores, by path; those of one person may be several.

    Raises:
        UserError: files that are no such scores, or contradict each other; one line for each.
    """
    problems: list[str] = []
    found: dict[str, HumanScores] = {}
    for path in sorted(directory.glob("*.json")):
        try:
            found[str(path)] = HumanScores.model_validate_json(path.read_bytes())
        except ValidationError as error:
            problems.append(f"{path}: {_explain(error)}; {REPAIR}")
    problems += _contradictions(found)
    if problems:
        raise UserError("\n".join(problems))
    return found


def _explain(error: ValidationError) -> str:
    """Word the first mistake of a file; one wrong scale makes all its scores mistakes."""
    first, *more = error.errors()
    where = " ".join(".".join(str(part) for part in first["loc"] if part != "[key]").split())
    return f"{where + ': ' if where else ''}{_problem(first)}{f' (and {len(more)} more)' if more else ''}"


def _problem(detail: ErrorDetails) -> str:
    match detail["type"]:
        case "json_invalid":
            return str(detail["msg"])
        case "missing":
            return "this key is missing: is this a file of people's scores?"
        case "string_pattern_mismatch":
            hashes = f"{LENGTH} digits 0-9 and a-f"
            rule = "letters, digits, _, - and ., at most 40" if detail["loc"][0] == "rater" else hashes
            return f"expected {rule}, found {shown(detail['input'])}"
        case _:
            return f"{detail['msg']}, found {shown(detail['input'])}"


def _contradictions(files: Mapping[str, HumanScores]) -> Iterator[str]:
    """Yield a line for each pair of files in which one person gives an answer two scores."""
    given: dict[tuple[str, str], tuple[str, float | None]] = {}
    found = set()
    for path, file in files.items():
        again = {f"repeats.{one}": second for one, _, second in file.repeats}
        for key, score in ({f"scores.{one}": score for one, score in file.scores.items()} | again).items():
            other, earlier = given.setdefault((file.rater, key), (path, score))
            if score != earlier and (other, path) not in found:
                found.add((other, path))
                yield (
                    f"{path}: {key} is {score}, but {earlier} in {other}, both by {file.rater}; "
                    "give two people two names, or remove the older file"
                )
