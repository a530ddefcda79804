"""From the scores of single answers to the scores of a model, with confidence intervals.

As BELLE's papers aggregate: the score of a category is the mean over its answers, the score of a model the
unweighted mean over categories, where math and code count as one category, `others`.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np

from belle.statistics.groups import GROUPS, strata_of
from belle.statistics.single import Interval, macro_interval, wilson

DIGITS = 4


@dataclass(frozen=True)
class Scores:
    """What is known of one model by one scorer.

    Attributes:
        overall: over all categories, by t over strata.
        without_others: the same mean without math and code; None when there is no other category.
        categories: by name, sorted, by Wilson; math and code apart; only those with a scored answer.
    """

    overall: Interval
    without_others: float | None
    categories: dict[str, Interval]


def aggregate(scores: np.ndarray, categories: list[str]) -> Scores:
    """Aggregate the scores of answers.

    Args:
        scores: float64 [answers], 0 to 1; NaN = unscored, left out; at least one has a score.
        categories: of each answer.
    """
    names, scored = np.array(categories), ~np.isnan(scores)
    rest = scored & ~np.isin(names, list(GROUPS))
    return Scores(
        overall=macro_interval(scores, categories),
        without_others=float(strata_of(names[rest]).weights @ scores[rest]) if rest.any() else None,
        categories={name: wilson(scores[names == name]) for name in sorted(set(names[scored].tolist()))},
    )


def as_json(interval: Interval) -> dict[str, Any]:
    """Return an interval as the metric files hold it."""
    return {
        "n": interval.n,
        "score": rounded(interval.estimate),
        "ci_low": rounded(interval.low),
        "ci_high": rounded(interval.high),
    }


def rounded(value: float | None) -> float | None:
    """Round to the digits of a score, without a sign of 0; None stays."""
    return None if value is None else round(value, DIGITS) + 0.0
