"""How far the scorers of a page agree, and people with themselves."""

from collections.abc import Mapping, Sequence
from itertools import combinations
from typing import Any

import numpy as np

from belle.report.columns import DIGITS
from belle.report.page_data.comparisons import Agreement
from belle.report.page_data.questions import Answer
from belle.statistics.agreement import agreement

AGAIN = ", again"
MEASURES = ("n", "alpha", "alpha_low", "alpha_high", "kappa", "spearman", "bias", "absolute")


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
    measures = one.alpha, one.alpha_low, one.alpha_high, one.kappa, one.spearman, one.bias, one.absolute
    return Agreement(
        first, second, None, one.n, *(None if value is None else round(value, DIGITS) for value in measures)
    )


def repeated(details: Sequence[Mapping[str, Any]]) -> tuple[Agreement, ...]:
    """Return how far people agree with themselves, from VARIANT.json of each system."""
    found = []
    for system, one in enumerate(details):
        for name, measures in sorted(one.get("agreement", {}).items()):
            if name.endswith(AGAIN):
                found.append(Agreement(name.removesuffix(AGAIN), None, system, *(measures[key] for key in MEASURES)))
    return tuple(found)
