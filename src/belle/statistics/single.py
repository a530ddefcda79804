"""The score of one model: an interval of the macro score, and of one category.

Both say what other questions of the same kind would give, and nothing of other training seeds.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import hypot

import numpy as np

from belle.statistics.groups import NO_SPREAD, Strata, strata_of
from belle.statistics.spread import rarity_of, spread_of, unseen_share
from belle.statistics.student import LEVEL, normal_quantile


@dataclass(frozen=True)
class Interval:
    """An estimate with its confidence interval.

    Attributes:
        estimate: a mean of scores from 0 to 1.
        low: lower bound.
        high: upper bound.
        n: scored questions behind it.
    """

    estimate: float
    low: float
    high: float
    n: int


def macro_interval(scores: np.ndarray, categories: Sequence[str], level: float = LEVEL) -> Interval:
    """Return the macro score of one model and its interval.

    M ± t · √VAR(scores), t with questions − strata degrees of freedom, cut to [0, 1]: the mean of a stratified sample
    (Cochran 1977, ch. 5), wider where most scores of a category are equal (`belle.statistics.spread`).

    Args:
        scores: float64 [questions], 0 to 1; NaN = unscored, left out together with its category if nothing remains.
        categories: of each question.
        level: of confidence.

    Raises:
        ValueError: no question is scored.
    """
    scores = np.asarray(scores, dtype=np.float64)
    scored = ~np.isnan(scores)
    _at_least_one(scored)
    values = scores[scored]
    strata = strata_of(np.asarray(categories)[scored])
    estimate = float(strata.weights @ values)
    spread = spread_of(values, strata, stratified_variance(values, strata), strata.df or np.inf, lowest=0)
    below, above = spread.widths(level)
    return Interval(estimate, max(0.0, estimate - below), min(1.0, estimate + above), len(values))


def stratified_variance(values: np.ndarray, strata: Strata) -> float:
    """Return the variance of the macro mean of `values`, float64 [questions], as a stratified sample.

    VAR(x) = Σ_c n_c / (n_c − 1) · Σ_{q in c} w_q² (x_q − x̄_c)²; nothing is known of a single question.
    """
    squares = strata.sums(strata.centered(values) ** 2)
    factor = strata.sizes / np.maximum(strata.sizes - 1, 1)
    variance = float((factor * strata.weight**2 * squares).sum())
    return variance if variance > NO_SPREAD else 0.0


def wilson(scores: np.ndarray, level: float = LEVEL) -> Interval:
    """Return the mean score of one category and Wilson's interval with an effective number of answers.

    n_eff = n · p(1 − p) / v with the mean p and the variance v (divided by n) of the scores: n itself for scores of
    0 and 1 (Wilson 1927), more where they vary less than such scores would, and n when they do not vary. So the
    interval always has a width. Where most scores are equal, lower ones than the lowest and higher ones than the
    highest could be as frequent as `belle.statistics.spread` says, without one of them being seen.

    Args:
        scores: float64 [answers], 0 to 1; NaN = unscored.
        level: of confidence.

    Raises:
        ValueError: no answer is scored.
    """
    scores = np.asarray(scores, dtype=np.float64)
    values = scores[~np.isnan(scores)]
    _at_least_one(~np.isnan(scores))
    n, mean = len(values), float(values.mean())
    effective = n * mean * (1 - mean) / float(values.var()) if np.ptp(values) > 0 else n
    low, high = _wilson_bounds(mean, max(effective, n), level)
    if np.ptp(values) > 0:
        rarity = rarity_of(values - np.median(values), np.full(n, 1 / n))
        unseen = rarity**0.5 * unseen_share(n, (1 - level) / 2)
        low = mean - hypot(mean - low, unseen * float(values.min()))
        high = mean + hypot(high - mean, unseen * (1 - float(values.max())))
    return Interval(mean, max(0.0, low), min(1.0, high), n)


def _wilson_bounds(mean: float, n: float, level: float) -> tuple[float, float]:
    z = normal_quantile(level)
    center = (mean + z * z / (2 * n)) / (1 + z * z / n)
    half = z / (1 + z * z / n) * (mean * (1 - mean) / n + z * z / (4 * n * n)) ** 0.5 if 0 <= mean <= 1 else 0.0
    # the bounds of 0 and of 1 are exact, whatever rounding does
    return (0.0 if mean <= 0 else max(0.0, center - half)), (1.0 if mean >= 1 else min(1.0, center + half))


def _at_least_one(scored: np.ndarray) -> None:
    if not scored.any():
        raise ValueError("no question is scored")
