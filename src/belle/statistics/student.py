"""Student's t and the normal distribution: quantiles, intervals, p-values."""

import numpy as np
from scipy.special import ndtri, stdtr, stdtrit

LEVEL = 0.95
"""Confidence level of every interval, unless said otherwise."""


def t_quantile(df: float, level: float = LEVEL) -> float:
    """Return how many standard errors a two-sided interval reaches to each side."""
    return float(stdtrit(df, 0.5 + level / 2))


def normal_quantile(level: float = LEVEL) -> float:
    """Return the same for a standard error that is known: 1.96 for 95 %."""
    return float(ndtri(0.5 + level / 2))


def two_sided_p(estimate: float, standard_error: float, df: float) -> float:
    """Return the p-value of a t test that the true value is 0."""
    return float(2 * stdtr(df, -abs(estimate) / standard_error))


def mean_bounds(values: np.ndarray, level: float = LEVEL) -> tuple[float, float]:
    """Return the t interval of the mean of values, float64 [n], n at least 2."""
    n, mean = len(values), float(values.mean())
    half = t_quantile(n - 1, level) * float(values.std(ddof=1)) / n**0.5
    return mean - half, mean + half


def pearson(a: np.ndarray, b: np.ndarray) -> float | None:
    """Return the correlation of two arrays of one length; None when one of them does not vary."""
    if len(a) < 2 or np.ptp(a) == 0 or np.ptp(b) == 0:
        return None
    return float(np.corrcoef(a, b)[0, 1])
