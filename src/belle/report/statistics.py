"""Differences between the systems of a page, and agreement of their scorers."""

from collections.abc import Callable, Collection, Mapping, Sequence
from itertools import combinations
from typing import Any

import numpy as np

from belle.compare.pairs import MARGIN
from belle.report.page_data.comparisons import Agreement, Difference
from belle.report.page_data.questions import Answer
from belle.statistics import paired
from belle.statistics.agreement import agreement
from belle.statistics.equivalence import equivalence
from belle.statistics.multiple import holm

DIGITS = 6
"""The page rounds to three; of four digits it would round a second time, to other figures than `belle compare`."""
AGAIN = ", again"
MEASURES = ("n", "alpha", "alpha_low", "alpha_high", "kappa", "spearman", "bias", "absolute")
Scores = Mapping[str, np.ndarray]
"""By scorer, float64 [questions], NaN = unscored."""


def differences_from_first(
    scores: Sequence[Scores], categories: Sequence[str], scorers: Sequence[str], variants: Collection[int]
) -> tuple[Difference, ...]:
    """Compare every system with the first one by every scorer, in all and by category, as `belle compare` does.

    The p-values of the pairs of one scorer are adjusted together, and those of the categories of one pair.

    Args:
        scores: of each system.
        categories: of the questions.
        scorers: in the order of the page.
        variants: systems that are the first one's model in another form: are they equal within `MARGIN`?
    """
    found: list[Difference] = []
    for scorer in scorers:
        pairs = {}
        for system in range(1, len(scores)):
            a, b = scores[system].get(scorer), scores[0].get(scorer)
            if a is not None and b is not None and not (np.isnan(a) | np.isnan(b)).all():
                pairs[system] = (paired.difference(a, b, categories), paired.by_category(a, b, categories))
        adjusted = holm([whole.p for whole, _ in pairs.values()])
        for (system, (whole, parts)), p in zip(pairs.items(), adjusted, strict=True):
            equal = system in variants and equivalence(whole, MARGIN).equivalent
            found.append(_difference(system, scorer, None, whole, p, MARGIN if equal else None))
            own = holm([part.p for part in parts.values()])
            found += [_difference(system, scorer, name, parts[name], p) for name, p in zip(parts, own, strict=True)]
    return tuple(found)


def _difference(
    system: int,
    scorer: str,
    category: str | None,
    found: paired.Difference,
    adjusted: float,
    equal_within: float | None = None,
) -> Difference:
    estimate, low, high, detectable = (
        round(float(one), DIGITS) for one in (found.estimate, found.low, found.high, found.smallest_detectable)
    )
    counts = found.signs.wins, found.signs.ties, found.signs.losses
    return Difference(
        system, scorer, category, estimate, low, high, round(adjusted, 6), *counts, found.n, detectable, equal_within
    )


def agreements_between(answers: Sequence[Sequence[Answer]], scorers: Sequence[str]) -> tuple[Agreement, ...]:
    """Compare every two scorers over the answers that both have scored; equal answers to a question are one."""
    distinct = {answer.key: answer.scores for row in answers for answer in row}
    found = []
    for first, second in combinations(scorers, 2):
        a, b = (np.array([scores.get(one) for scores in distinct.values()], np.float64) for one in (first, second))
        if not (np.isnan(a) | np.isnan(b)).all():
            found.append(_agreement(first, second, a, b))
    return tuple(found)


def _agreement(first: str, second: str, a: np.ndarray, b: np.ndarray) -> Agreement:
    one = agreement(a, b)
    digits: Callable[[float | None], float | None] = lambda value: None if value is None else round(value, DIGITS)  # noqa: E731
    measures = one.alpha, one.alpha_low, one.alpha_high, one.kappa, one.spearman, one.bias, one.absolute
    return Agreement(first, second, None, one.n, *map(digits, measures))


def repeated(details: Sequence[Mapping[str, Any]]) -> tuple[Agreement, ...]:
    """Return how far people agree with themselves, from VARIANT.json of each system."""
    found = []
    for system, one in enumerate(details):
        for name, measures in sorted(one.get("agreement", {}).items()):
            if name.endswith(AGAIN):
                found.append(Agreement(name.removesuffix(AGAIN), None, system, *(measures[key] for key in MEASURES)))
    return tuple(found)
