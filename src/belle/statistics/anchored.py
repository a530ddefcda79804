"""A judge's score of all answers, corrected by what a person says of some: prediction-powered inference."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import hypot

import numpy as np

from belle.statistics.groups import Strata, strata_of
from belle.statistics.single import stratified_variance
from belle.statistics.spread import rarity_of, unseen_share
from belle.statistics.student import LEVEL, t_quantile

FEWEST = 10
"""Answers that a person must have scored: with fewer, the spread of their corrections is anybody's guess."""


@dataclass(frozen=True)
class Anchored:
    """A macro mean by a person's measure, estimated with the help of a judge.

    Attributes:
        estimate: the mean; of differences of two choices, their difference.
        low: lower bound of the 95 % interval.
        high: upper bound.
        n: answers that the person has scored.
        trust: weight of the judge, 0 to 1: how far the person follows a change of the judge's score.
        judge_alone: the mean by the judge.
        not_covered: categories without an answer that the person has scored; the correction of the others serves them.
    """

    estimate: float
    low: float
    high: float
    n: int
    trust: float
    judge_alone: float
    not_covered: list[str]


def anchored(person: np.ndarray, judge: np.ndarray, categories: Sequence[str]) -> Anchored:
    """Return the macro mean that a person would give, from a judge's scores and some of the person's.

    λ · Σ w f + Σ v (y − λ f): the judge's mean over all answers, and the mean of what the person corrects; λ is the
    slope of the person's scores on the judge's, 0 to 1 (PPI++, Angelopoulos et al. 2023; the regression estimator of
    double sampling, Cochran 1977, ch. 12). v shares the weight of a category among its answers that the person has
    scored. t has n − 2 degrees of freedom, and the interval is wider where most of the person's scores are equal
    (`belle.statistics.spread`). Within a category, which answers are scored must not depend on how good they are.

    Args:
        person: float64 [questions], scores or differences of scores of two choices; NaN = not scored.
        judge: the same by the judge; answers that it has not scored are left out.
        categories: of each question.

    Raises:
        ValueError: fewer than `FEWEST` answers that both have scored.
    """
    judged = ~np.isnan(judge)
    f, y, names = judge[judged], person[judged], np.asarray(categories)[judged]
    seen = ~np.isnan(y)
    n = int(seen.sum())
    if n < FEWEST:
        raise ValueError(f"{n} answers scored by both, at least {FEWEST} needed")
    strata, shares = strata_of(names), _shares(names, seen)
    trust = _slope(f[seen], y[seen])
    corrections = y[seen] - trust * f[seen]
    alone = float(strata.weights @ f)
    estimate = trust * alone + float(shares @ corrections)
    by_t = t_quantile(n - 2) * _variance(f, seen, corrections, shares, strata, trust) ** 0.5
    half = hypot(by_t, _unseen(y[seen], shares))
    missing = sorted(set(names.tolist()) - set(names[seen].tolist()))
    return Anchored(estimate, estimate - half, estimate + half, n, trust, alone, missing)


def _shares(names: np.ndarray, seen: np.ndarray) -> np.ndarray:
    """Return v of the answers that the person has scored, float64 [n]; they sum to 1."""
    strata = strata_of(names)
    counts = np.bincount(strata.codes[seen], minlength=len(strata.sizes))
    each = strata.weight * strata.sizes / np.maximum(counts, 1)
    shares = each[strata.codes[seen]]
    return shares / shares.sum()


def _slope(f: np.ndarray, y: np.ndarray) -> float:
    spread = float(f.var())
    return float(np.clip(np.mean((f - f.mean()) * (y - y.mean())) / spread, 0, 1)) if spread > 0 else 0.0


def _unseen(y: np.ndarray, shares: np.ndarray) -> float:
    """Return how far the mean may be off by scores like none of the person's, which could not show by chance."""
    median = float(np.median(y))
    share = unseen_share(1 / float(shares @ shares), (1 - LEVEL) / 2)
    return float(rarity_of(y - median, shares) ** 0.5) * share * (1 + abs(median))


def _variance(
    f: np.ndarray, seen: np.ndarray, corrections: np.ndarray, shares: np.ndarray, strata: Strata, trust: float
) -> float:
    """Return the variance of the estimate: of the judge's mean, of the corrections, and of both together.

    The corrections vary around their mean over all categories: in each one there are too few.
    """
    centered = corrections - corrections.mean()
    spread = float(centered @ centered) / (len(corrections) - 2)
    together = float(centered @ (f[seen] - f[seen].mean())) / (len(corrections) - 2)
    both = trust * together * float(strata.weights[seen] @ shares)
    return trust**2 * stratified_variance(f, strata) + spread * float(shares @ shares) + 2 * both
