"""Scores that people gave.

A score belongs to an answer's text, so it counts in every experiment with the same answer to the same question.
"""

from collections.abc import Mapping, Sequence

from belle.evaluate.answers import Answer
from belle.score.hashes import rating_hash
from belle.score.human_files import HumanScores
from belle.score.scoring import HUMAN, Scoring, scoring_of

NOT_RATED, CANNOT_JUDGE = "not_rated", "cannot_judge"
"""Why an answer is unscored: the person has not seen it, or has seen it and cannot judge."""


def unused_files(answers: Sequence[Answer], files: Mapping[str, HumanScores]) -> list[str]:
    """Return the files that score none of these answers."""
    hashes = set(_hashes(answers))
    return [path for path, file in files.items() if not hashes & file.scores.keys()]


def unused_note(file: HumanScores, variant: str) -> str:
    """Say what to do about a file that scores none of the answers of a variant."""
    return (
        f"scores no answer of {variant}: its scores ({len(file.scores)}) are of other answers. They are read where an "
        "experiment gave those (`dvc exp apply NAME`, then `dvc repro`); `belle report` makes a page to score these on"
    )


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
    # a later download holds the repeats of an earlier one too
    found: dict[str, dict[str, tuple[float, float]]] = {}
    for file in files.values():
        for one, first, second in file.repeats:
            if one in hashes and first is not None and second is not None:
                found.setdefault(f"{HUMAN}{file.rater}", {})[one] = first, second
    return {scorer: list(pairs.values()) for scorer, pairs in found.items()}


def _hashes(answers: Sequence[Answer]) -> list[str]:
    return [rating_hash(answer.id, answer.answer) for answer in answers]


def _verdict(scores: dict[str, float | None], one: str) -> tuple[float | None, str | None]:
    return (scores[one], CANNOT_JUDGE) if one in scores else (None, NOT_RATED)
