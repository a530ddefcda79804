"""Scores that people gave: human_scores/NAME.json, as the report page exports it.

A score belongs to an answer's text, so it counts in every experiment with the same answer to the same question.
"""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from belle.errors import UserError
from belle.evaluate.answers import Answer
from belle.score.hashes import LENGTH, rating_hash
from belle.score.scoring import HUMAN, Scoring, scoring_of

NOT_RATED, CANNOT_JUDGE = "not_rated", "cannot_judge"
"""Why an answer is unscored: the person has not seen it, or has seen it and cannot judge."""
REPAIR = "export it again from the report page, or remove the file"

AnswerHash = Annotated[str, Field(pattern=rf"^[0-9a-f]{{{LENGTH}}}$")]
Score = Annotated[float, Field(ge=0, le=1)]


class HumanScores(BaseModel):
    """One file of a person's scores."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)

    rater: str = Field(pattern=r"^[\w.-]{1,40}$")
    """Name of the person."""
    report: str
    """Digest of the report page that the answers were scored on."""
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


def unused_files(answers: Sequence[Answer], files: Mapping[str, HumanScores]) -> list[str]:
    """Return the files that score none of these answers."""
    hashes = set(_hashes(answers))
    return [path for path, file in files.items() if not hashes & file.scores.keys()]


def score_by_people(answers: Sequence[Answer], files: Mapping[str, HumanScores]) -> list[Scoring]:
    """Return the scoring of each person who has seen one of the answers, sorted by name."""
    hashes = _hashes(answers)
    by_person: dict[str, dict[str, float | None]] = {}
    for file in files.values():
        by_person.setdefault(file.rater, {}).update(file.scores)
    return [
        scoring_of(f"{HUMAN}{name}", [_verdict(by_person[name], one) for one in hashes])
        for name in sorted(by_person)
        if by_person[name].keys() & set(hashes)
    ]


def repeats_by_person(
    answers: Sequence[Answer], files: Mapping[str, HumanScores]
) -> dict[str, list[tuple[float, float]]]:
    """Return both scores of each of these answers that a person has scored twice, by scorer."""
    hashes = set(_hashes(answers))
    found: dict[str, list[tuple[float, float]]] = {}
    for file in files.values():
        for one, first, second in file.repeats:
            if one in hashes and first is not None and second is not None:
                found.setdefault(f"{HUMAN}{file.rater}", []).append((first, second))
    return found


def _hashes(answers: Sequence[Answer]) -> list[str]:
    return [rating_hash(answer.id, answer.answer) for answer in answers]


def _verdict(scores: dict[str, float | None], one: str) -> tuple[float | None, str | None]:
    return (scores[one], CANNOT_JUDGE) if one in scores else (None, NOT_RATED)


def _explain(error: ValidationError) -> str:
    """Word the first mistake of a file; one wrong scale makes all its scores mistakes."""
    first, *more = error.errors()
    where = ".".join(map(str, first["loc"]))
    return f"{where + ': ' if where else ''}{first['msg']}{f' (and {len(more)} more)' if more else ''}"


def _contradictions(files: Mapping[str, HumanScores]) -> Iterator[str]:
    """Yield a line for each pair of files in which one person gives an answer two scores."""
    given: dict[tuple[str, str], tuple[str, float | None]] = {}
    found = set()
    for path, file in files.items():
        for one, score in file.scores.items():
            other, earlier = given.setdefault((file.rater, one), (path, score))
            if score != earlier and (other, path) not in found:
                found.add((other, path))
                yield (
                    f"{path}: scores.{one} is {score}, but {earlier} in {other}, both by {file.rater}; "
                    "give two people two names, or remove the older file"
                )
