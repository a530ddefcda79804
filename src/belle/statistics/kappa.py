"""Cohen's kappa with quadratic weights, and its standard error."""

from dataclasses import dataclass

import numpy as np

STEPS = 10
"""Scores are rounded to tenths: 11 levels."""


@dataclass(frozen=True)
class Kappa:
    """1 = perfect agreement, 0 = what chance gives; None when all scores fall into one level."""

    value: float | None
    standard_error: float | None = None


def weighted_kappa(first: np.ndarray, second: np.ndarray) -> Kappa:
    """Return kappa of two raters (Cohen 1968); standard error by Fleiss, Cohen & Everitt (1969).

    Args:
        first: float64 [answers], 0 to 1.
        second: the same of the other rater.
    """
    levels = STEPS + 1
    pairs = np.rint(first * STEPS).astype(int) * levels + np.rint(second * STEPS).astype(int)
    shares = np.bincount(pairs, minlength=levels**2).reshape(levels, levels) / len(first)
    steps = np.arange(levels)
    weights = 1 - (steps[:, None] - steps) ** 2 / STEPS**2
    rows, columns = shares.sum(axis=1), shares.sum(axis=0)
    observed, expected = (weights * shares).sum(), rows @ weights @ columns
    if expected >= 1 - 1e-12:
        return Kappa(None)
    means = (weights @ columns)[:, None] + rows @ weights
    terms = weights * (1 - expected) - means * (1 - observed)
    variance = (shares * terms**2).sum() - (observed * expected - 2 * expected + observed) ** 2
    error = (max(float(variance), 0.0) / len(first)) ** 0.5 / (1 - expected) ** 2
    return Kappa(float((observed - expected) / (1 - expected)), float(error))
