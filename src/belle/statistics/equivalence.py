"""Is a difference smaller than a margin? Two one-sided tests (Schuirmann 1987)."""

from dataclasses import dataclass

from belle.statistics.paired import Difference

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
    inside = abs(found.estimate) < margin
    p = max(found.spread.p_value(edge - found.estimate) for edge in (-margin, margin)) / 2 if inside else 1.0
    return Equivalence(margin, low, high, p, p < (1 - LEVEL) / 2)
