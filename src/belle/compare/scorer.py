"""Whose scores are compared."""

from collections.abc import Sequence

from belle.compare.side import Side
from belle.errors import UserError
from belle.score.scoring import JUDGE, METRICS


def choose_scorer(sides: Sequence[Side], asked: str | None) -> str:
    """Return the scorer to compare by: the one asked for, or else the judge, then the metrics, then any.

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
    return next((name for name in (JUDGE, METRICS) if name in common), common[0])
