"""From the scores of single answers to the scores of a model, with confidence intervals.

As BELLE's papers aggregate: the score of a category is the mean over its answers, the score of a model the
unweighted mean over categories, where math and code count as one category, `others`.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

OTHERS = "others"
GROUPS = {"math": OTHERS, "code": OTHERS}
"""Categories that count together; every other category counts for itself."""

RESAMPLES = 2000
TAILS = (0.025, 0.975)
"""Quantiles that bound a 95 % interval."""
DIGITS = 4

Estimates = np.ndarray
"""float64 [1 + RESAMPLES]: a mean of the data itself, then the same mean of every bootstrap resample."""


@dataclass(frozen=True)
class Interval:
    """A score and its 95 % confidence interval, rounded."""

    score: float
    ci_low: float
    ci_high: float


@dataclass(frozen=True)
class Scores:
    """What is known of one model.

    Attributes:
        overall: over all categories.
        without_others: the same mean without math and code; None when there is no other category.
        categories: by name, sorted; math and code apart; only those with a scored answer.
        counts: scored answers of each of these categories.
    """

    overall: Interval
    without_others: float | None
    categories: dict[str, Interval]
    counts: dict[str, int]


def aggregate(scored: Iterable[tuple[str, float]], seed: int) -> Scores:
    """Aggregate scored answers, given as (category, score) pairs; at least one.

    The interval is a percentile bootstrap (Efron & Tibshirani 1993, ch. 13) over questions, stratified: every
    resample draws, with replacement, as many answers of each category as there are.
    """
    by_category: dict[str, list[float]] = defaultdict(list)
    for category, score in scored:
        by_category[category].append(score)
    counts = {category: len(by_category[category]) for category in sorted(by_category)}
    generator = np.random.default_rng(seed)
    estimates = {category: bootstrap(np.array(by_category[category]), generator) for category in counts}
    groups = pool(estimates, counts)
    rest = [groups[name] for name in groups if name != OTHERS]
    return Scores(
        overall=interval(np.mean(list(groups.values()), axis=0)),
        without_others=interval(np.mean(rest, axis=0)).score if rest else None,
        categories={category: interval(estimates[category]) for category in counts},
        counts=counts,
    )


def bootstrap(scores: np.ndarray, generator: np.random.Generator) -> Estimates:
    """Return the mean of `scores` (float64 [n]) and of RESAMPLES resamples of it, n draws with replacement each."""
    picks = generator.integers(len(scores), size=(RESAMPLES, len(scores)), dtype=np.int32)
    return np.concatenate([[scores.mean()], scores[picks].mean(axis=1)])


def pool(estimates: dict[str, Estimates], counts: dict[str, int]) -> dict[str, Estimates]:
    """Merge the categories that GROUPS puts together, weighted by counts: the mean over all their answers."""
    members: dict[str, list[str]] = defaultdict(list)
    for category in estimates:
        members[GROUPS.get(category, category)].append(category)
    return {group: _mean(names, estimates, counts) for group, names in members.items()}


def _mean(names: list[str], estimates: dict[str, Estimates], counts: dict[str, int]) -> Estimates:
    """Return the mean over all answers of the named categories."""
    return np.average([estimates[name] for name in names], axis=0, weights=[counts[name] for name in names])


def interval(estimates: Estimates) -> Interval:
    """Return the mean of the data and the percentiles of the resamples, rounded to DIGITS."""
    low, high = np.quantile(estimates[1:], TAILS)
    return Interval(*(round(float(value), DIGITS) for value in (estimates[0], low, high)))
