"""Krippendorff's alpha for scores on an interval scale, with a jackknife interval."""

from dataclasses import dataclass

import numpy as np

from belle.statistics.student import t_quantile

AGREED = 1e-12
"""Disagreement up to this is none."""


@dataclass(frozen=True)
class Alpha:
    """1 = perfect agreement, 0 = what chance gives; None when all scores are the same.

    The bounds of the 95 % interval are None as well where every answer is agreed on, or there are fewer than three.
    """

    value: float | None
    low: float | None = None
    high: float | None = None


def alpha(scores: np.ndarray) -> Alpha:
    """Return Krippendorff's alpha (2011, "Computing Krippendorff's Alpha-Reliability") with the squared difference.

    alpha = 1 − D_o / D_e: the mean squared difference within answers over that among all scores. The interval is a
    jackknife over answers of log(1 − alpha), which is nearer to normal than alpha and keeps it below 1.

    Args:
        scores: float64 [raters, answers]; NaN = unscored; answers with fewer than two scores are left out.
    """
    scores = scores[:, (~np.isnan(scores)).sum(axis=0) >= 2]
    counts = (~np.isnan(scores)).sum(axis=0)
    sums, squares = np.nansum(scores, axis=0), np.nansum(scores**2, axis=0)
    # 2 · Σ (x − mean)² · m / (m − 1) over the m scores of an answer, each counted once per pair
    within = (squares - sums**2 / np.maximum(counts, 1)) * counts / np.maximum(counts - 1, 1)
    if not counts.size or np.nanmax(scores) == np.nanmin(scores):
        return Alpha(None)
    totals = np.array([counts.sum(), sums.sum(), squares.sum(), within.sum()])
    ratio = _disagreement(*totals)
    value = float(1 - ratio)
    n = scores.shape[1]
    if n < 3 or ratio < AGREED:
        return Alpha(value)
    without = _disagreement(*(totals[:, None] - np.stack([counts, sums, squares, within])))
    if not np.all(without >= AGREED) or np.any(np.isinf(without)):
        return Alpha(value)
    logs = np.log(without)
    half = t_quantile(n - 1) * float(((n - 1) / n * ((logs - logs.mean()) ** 2).sum()) ** 0.5)
    return Alpha(value, float(1 - ratio * np.exp(half)), float(1 - ratio * np.exp(-half)))


def _disagreement(count: np.ndarray, total: np.ndarray, squares: np.ndarray, within: np.ndarray) -> np.ndarray:
    """Return D_o / D_e from the number of scores, their sum, sum of squares, and squares within answers."""
    among = (squares - total**2 / count) * count / (count - 1)
    with np.errstate(divide="ignore", invalid="ignore"):
        return within / among
