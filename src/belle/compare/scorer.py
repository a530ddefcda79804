"""Whose scores are compared."""

from collections.abc import Sequence

from belle.compare.side import Side
from belle.errors import UserError
from belle.score.scoring import HUMAN, JUDGE, METRICS, mostly_scored, scored


def choose_scorer(sides: Sequence[Side], asked: str | None) -> str:
    """Return the scorer to compare by: the one asked for, or else the judge, then the metrics, then any.

    One that has left most answers of a side unscored comes after the others.

    Raises:
        UserError: not every side has scores of it.
    """
    common = [name for name in sides[0].scorers if all(name in side.scorers for side in sides)]
    if asked in common:
        return str(asked)
    have = "; ".join(f"{side.label} has {', '.join(side.scorers)}" for side in sides)
    if asked is not None:
        raise UserError(f"no scores of {asked!r} on every side: {have}")
    if not common:
        raise UserError(f"no scorer in common: {have}; score them alike with evaluate.scorer, and `dvc repro`")
    ordered = [name for name in (JUDGE, METRICS) if name in common] or common
    return next((name for name in ordered if not mostly_unscored(sides, name)), ordered[0])


def mostly_unscored(sides: Sequence[Side], scorer: str) -> list[str]:
    """Return a line for each result of which a scorer has scored fewer than half of the answers; none for people."""
    found: list[str] = []
    if scorer.startswith(HUMAN):
        return found
    for result in (one for side in sides for one in side.results):
        scores = result.scores[scorer]
        if not mostly_scored(scores):
            found.append(f"{scorer} has scored only {scored(scores)} of {len(scores)} answers of {result.label}")
    return found


def passed_over(sides: Sequence[Side], chosen: str) -> list[str]:
    """Return a line for each result whose few scores are why the metrics were chosen and not the judge."""
    if chosen != METRICS or not all(JUDGE in side.scorers for side in sides):
        return []
    return [f"{line}; compared by {chosen}, unless --scorer {JUDGE} is given" for line in mostly_unscored(sides, JUDGE)]
