"""The differences of each two sides, as far as their questions can tell."""

from collections.abc import Sequence
from itertools import combinations

import numpy as np

from belle.compare.by_people import differences_by_people
from belle.compare.judge_noise import judge_noise
from belle.compare.one_choice import paired_by_seed
from belle.compare.pair import Pair
from belle.compare.scoring_differences import sides_scored_otherwise
from belle.compare.sensitivity import other_analyses
from belle.compare.side import Side
from belle.errors import UserError
from belle.evaluate.answers import UNQUANTIZED
from belle.statistics.equivalence import equivalence
from belle.statistics.multiple import holm
from belle.statistics.paired import Difference, by_category, difference
from belle.statistics.signs import signs

MARGIN = 0.01
"""Largest difference that does not matter between quantized variants of one model, unless one is given."""


def compare_sides(
    sides: Sequence[Side], scorer: str, baseline: Side | None = None, margin: float | None = None
) -> list[Pair]:
    """Compare each two sides, or every other one with the baseline.

    Args:
        sides: with answers to the same questions.
        scorer: whose scores; every side has them.
        baseline: one of the sides.
        margin: of equivalence; MARGIN for variants of one model when None, and no test for others.

    Raises:
        UserError: two sides without a question that is scored on both, or one of several seeds without a score.
    """
    others = [(side, baseline) for side in sides if side is not baseline]
    chosen = list(combinations(sides, 2)) if baseline is None else [(a, b) for a, b in others if b is not None]
    overall = [_difference(a, b, scorer) for a, b in chosen]
    for result in (one for side in sides for one in side.results):
        if np.isnan(result.scores[scorer]).all():
            raise UserError(f"{result.label}: none of its answers has a score of {scorer}; leave it out")
    adjusted = holm([one.p for one in overall])
    return [_pair(a, b, found, p, scorer, margin) for (a, b), found, p in zip(chosen, overall, adjusted, strict=True)]


def _difference(a: Side, b: Side, scorer: str) -> Difference:
    try:
        paired = paired_by_seed(a, b)
        judge = judge_noise(a, b, scorer, paired)
        return difference(a.scores(scorer), b.scores(scorer), a.first.categories, paired, judge)
    except ValueError:
        raise UserError(f"{a.label} and {b.label}: no question has a score of {scorer} on both sides") from None


def _pair(a: Side, b: Side, overall: Difference, p: float, scorer: str, margin: float | None) -> Pair:
    paired = paired_by_seed(a, b)
    categories = by_category(a.scores(scorer), b.scores(scorer), a.first.categories, paired)
    category_p = dict(zip(categories, holm([one.p for one in categories.values()]), strict=True))
    if margin is None and a.first.model == b.first.model and {a.first.variant, b.first.variant} != {UNQUANTIZED}:
        margin = MARGIN
    unscored = [np.isnan(side.scores(scorer)).mean(axis=0) for side in (a, b)]
    return Pair(
        a=a,
        b=b,
        overall=overall,
        p=p,
        categories=categories,
        category_p=category_p,
        equivalence=None if margin is None else equivalence(overall, margin),
        analyses=other_analyses(a, b, scorer, paired),
        unscored_p=signs(unscored[0] - unscored[1]).p,
        same_answers=_same_answers(a, b),
        scoring_differences=sides_scored_otherwise(a, b, scorer),
        people=differences_by_people(a, b, scorer),
    )


def _same_answers(a: Side, b: Side) -> int | None:
    known = all(result.hashes[0] for side in (a, b) for result in side.results)
    if not known or len(a.results) + len(b.results) > 2:
        return None
    return sum(one == other for one, other in zip(a.first.hashes, b.first.hashes, strict=True))
