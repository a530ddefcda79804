"""How far two raters agree on the same answers: two judges, or a judge and a person."""

from dataclasses import dataclass

import numpy as np

from belle.statistics.kappa import weighted_kappa
from belle.statistics.krippendorff import alpha
from belle.statistics.spread import EQUAL
from belle.statistics.student import mean_bounds, pearson


@dataclass(frozen=True)
class Agreement:
    """Agreement of two raters over the answers that both have scored.

    Attributes:
        n: answers that both have scored.
        alpha: Krippendorff's, interval scale; None when all scores are the same.
        alpha_low: lower bound of its 95 % interval; None when that cannot be told.
        alpha_high: upper bound.
        kappa: Cohen's with quadratic weights, over tenths; None as for alpha.
        kappa_standard_error: None as for alpha.
        spearman: rank correlation; None when one rater gives the same score to all.
        bias: mean of the first rater's scores less the second's.
        bias_low: lower bound of its 95 % interval; None where all differ by the same.
        bias_high: upper bound.
        absolute: mean absolute difference.
    """

    n: int
    alpha: float | None
    alpha_low: float | None
    alpha_high: float | None
    kappa: float | None
    kappa_standard_error: float | None
    spearman: float | None
    bias: float
    bias_low: float | None
    bias_high: float | None
    absolute: float


def agreement(first: np.ndarray, second: np.ndarray) -> Agreement:
    """Compare two raters; scores float64 [answers], 0 to 1, NaN = unscored.

    Raises:
        ValueError: no answer that both have scored.
    """
    both = ~(np.isnan(first) | np.isnan(second))
    if not both.any():
        raise ValueError("no answer is scored by both")
    a, b = first[both], second[both]
    reliability, kappa = alpha(np.stack([a, b])), weighted_kappa(a, b)
    # such differences do not say how far others may be from them
    bias_low, bias_high = mean_bounds(a - b) if np.ptp(a - b) > EQUAL else (None, None)
    return Agreement(
        n=len(a),
        alpha=reliability.value,
        alpha_low=reliability.low,
        alpha_high=reliability.high,
        kappa=kappa.value,
        kappa_standard_error=kappa.standard_error,
        spearman=pearson(ranks(a), ranks(b)),
        bias=float((a - b).mean()),
        bias_low=bias_low,
        bias_high=bias_high,
        absolute=float(np.abs(a - b).mean()),
    )


def ranks(values: np.ndarray) -> np.ndarray:
    """Return the rank of each value, 1 for the smallest; equal ones share the mean of theirs."""
    _, codes, counts = np.unique(values, return_inverse=True, return_counts=True)
    last = np.cumsum(counts)
    return (last - (counts - 1) / 2)[codes]
