"""A judge that reads the same answer several times: its own noise, and how far the mean can be relied on."""

from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True)
class Repeats:
    """What the repeats of one judge show.

    Attributes:
        repeats: mean number of scores per answer, over the answers with at least one.
        within: variance of the scores of one answer; None without an answer that has two.
        share: of the variance of single scores that lies between answers (intraclass correlation, 0 to 1); None when
            nothing varies, or without an answer that has two.
        reliability: the same share for the mean of `repeats` scores.
    """

    repeats: float
    within: float | None
    share: float | None
    reliability: float | None


def repeats_of(scores: np.ndarray) -> Repeats:
    """Return what repeats show; one-way random effects (Shrout & Fleiss 1979, ICC(1,1)), Spearman–Brown for the mean.

    Args:
        scores: float64 [repeats, answers]; NaN = unscored.
    """
    counts = (~np.isnan(scores)).sum(axis=0)
    values, counts = scores[:, counts > 0], counts[counts > 0]
    answers, total = len(counts), int(counts.sum())
    mean_count = total / answers if answers else 0.0
    if total == answers:
        return Repeats(mean_count, None, None, None)
    means = np.nansum(values, axis=0) / counts
    within = float(np.nansum((values - means) ** 2)) / (total - answers)
    if answers < 2:
        return Repeats(mean_count, within, None, None)
    grand = float(counts @ means) / total
    between = float(counts @ (means - grand) ** 2) / (answers - 1)
    size = (total - float((counts**2).sum()) / total) / (answers - 1)
    answer_variance = max(0.0, (between - within) / size)
    if answer_variance + within == 0:
        return Repeats(mean_count, within, None, None)
    share = answer_variance / (answer_variance + within)
    return Repeats(mean_count, within, share, mean_count * share / (1 + (mean_count - 1) * share))


def judge_variance(scores: np.ndarray, weights: np.ndarray, seeds: int = 1) -> float:
    """Return the variance that the judge's noise adds to a macro score: Σ w_q² σ² / (repeats · seeds).

    Args:
        scores: float64 [repeats, answers]; NaN = unscored. 0.0 is returned when no answer has two scores.
        weights: float64 [answers], of `belle.statistics.groups.weights`.
        seeds: whose scores are averaged.
    """
    within = repeats_of(scores).within
    counts = (~np.isnan(scores)).sum(axis=0)
    if within is None:
        return 0.0
    scored = counts > 0
    return float((weights[scored] ** 2 / counts[scored]).sum() * within / seeds)
