"""Is a difference smaller than a margin? Two one-sided tests (Schuirmann 1987)."""

from dataclasses import dataclass

from belle.statistics.paired import Difference
from belle.statistics.student import normal_tail, one_sided_p

LEVEL = 0.90
"""Two one-sided tests at 5 % are the 90 % interval inside the margin."""


@dataclass(frozen=True)
class Equivalence:
    """Whether a difference lies within ± margin.

    Attributes:
        margin: largest difference that would not matter.
        low: lower bound of the 90 % interval of the difference.
        high: upper bound.
        p: the larger one of the two one-sided tests.
        equivalent: both tests reject at 5 %.
    """

    margin: float
    low: float
    high: float
    p: float
    equivalent: bool


def equivalence(found: Difference, margin: float) -> Equivalence:
    """Test whether the true difference is within ± margin (above 0, at most 1)."""
    low, high = found.interval(LEVEL)
    distance = margin - abs(found.estimate)
    if found.standard_error:
        p = one_sided_p(distance, found.standard_error, found.df)
    else:
        p = _p_without_spread(distance, found.effective_n)
    return Equivalence(margin, low, high, p, p < 0.05)


def _p_without_spread(distance: float, n: float) -> float:
    """Return the p at which the highest unseen share, z² / (n + z²), is the distance that is left to the margin."""
    if distance <= 0:
        return 1.0
    return 0.0 if distance >= 1 else normal_tail((n * distance / (1 - distance)) ** 0.5)
