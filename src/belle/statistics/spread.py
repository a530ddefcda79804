"""How far a macro mean may be from the truth: Student's t, and what few differing questions cannot show."""

from dataclasses import dataclass
from math import exp, expm1, hypot, log, log1p

import numpy as np
from scipy.special import ndtri, stdtrit

from belle.statistics.groups import Strata
from belle.statistics.student import LEVEL, t_quantile, two_sided_p

POWER = 0.8
"""Of the smallest difference that could have been seen."""
FEW_DETECTED = 2.3
"""Where nearly all questions are equal, a difference is seen with this power when it is so many times the share that
could differ unseen: eight questions on one side are expected then, and six or seven are significant."""
EQUAL = 1e-9
"""Values that differ by less are equal: what rounding leaves."""
SMALLEST_TAIL = 1e-300
STEPS = 60
"""Of the search for a p-value, which halves the logarithm's range each time."""


@dataclass(frozen=True)
class Spread:
    """What the interval of a macro mean is made of.

    An interval reaches t · SE to both sides. That is too short when most questions have the same value: a single one
    that differs says little of how many others would. So it reaches √((t · SE)² + r u²) far: u is the highest share
    of questions that could differ without one of them being seen (Clopper & Pearson 1934), times the most by which one
    can differ. To the side where the few are it reaches r · (1 + 2 z²) / 6 · skew further (Johnson 1978).
    r = 1 − 2 q, at least 0, q the share of questions that differ from the median of their category: for wins, ties and
    losses of equal weight this is nearly Tango's (1998) score interval. From q = ½ on it is the t interval.

    Attributes:
        standard_error: of the mean.
        df: degrees of freedom of t.
        skew: third central moment of the mean over its variance, 0 where nothing varies.
        rarity: r.
        effective_n: questions of equal weight that could hide the same share.
        reach: the most by which a question can be below and above the median of its category.
    """

    standard_error: float
    df: float
    skew: float
    rarity: float
    effective_n: float
    reach: tuple[float, float]

    def widths(self, level: float = LEVEL) -> tuple[float, float]:
        """Return how far an interval of this level reaches below and above the estimate."""
        tail = (1 - level) / 2
        return self._width(tail, -1), self._width(tail, 1)

    def p_value(self, above: float) -> float:
        """Return the two-sided p-value of a true value that lies so far above the estimate, below when negative."""
        distance, side = abs(above), 1 if above > 0 else -1
        if self.rarity == 0 and self.standard_error:
            return two_sided_p(distance, self.standard_error, self.df)
        low, high = log(SMALLEST_TAIL), log(0.5)
        if self._width(0.5, side) >= distance:
            return 1.0
        for _ in range(STEPS):
            middle = (low + high) / 2
            low, high = (low, middle) if self._width(exp(middle), side) < distance else (middle, high)
        return 2 * exp(high)

    @property
    def smallest_detectable(self) -> float:
        """The difference that a test at 5 % finds with power 0.8: (t_.975 + t_.8) · SE (Bloom 1995), more when rare."""
        by_t = (t_quantile(self.df) + t_quantile(self.df, 2 * POWER - 1)) * self.standard_error
        return hypot(by_t, FEW_DETECTED * self._unseen((1 - LEVEL) / 2) * max(self.reach))

    def _width(self, tail: float, side: int) -> float:
        by_t = -float(stdtrit(self.df, tail)) * self.standard_error
        longer = self.rarity * max(0.0, side * self.skew) * (1 + 2 * float(ndtri(tail)) ** 2) / 6
        return hypot(by_t, self._unseen(tail) * self.reach[side > 0]) + longer

    def _unseen(self, tail: float) -> float:
        return float(self.rarity**0.5) * unseen_share(self.effective_n, tail)


def unseen_share(n: float, tail: float) -> float:
    """Return the highest share of something that n questions do not show once: (1 − share)^n = tail."""
    return -expm1(log(tail) / n)


def spread_of(values: np.ndarray, strata: Strata, variance: float, df: float, lowest: float) -> Spread:
    """Return the spread of the macro mean of `values`, float64 [questions] from `lowest` to 1, given its variance."""
    medians = strata.medians(values)
    third = float(strata.weights**3 @ strata.centered(values) ** 3)
    return Spread(
        standard_error=variance**0.5,
        df=df,
        skew=third / variance if variance else 0.0,
        rarity=rarity_of(values - medians, strata.weights),
        effective_n=_effective_n(strata),
        reach=(float(medians.max()) - lowest, 1 - float(medians.min())),
    )


def rarity_of(differences: np.ndarray, weights: np.ndarray) -> float:
    """Return 1 − 2 q, at least 0, q the weight of the differences that are not 0."""
    return max(0.0, 1 - 2 * float(weights @ (np.abs(differences) > EQUAL)))


def _effective_n(strata: Strata) -> float:
    """Return how many questions of equal weight could hide as much: Kish's (1965) number, or all in one small group."""
    tail = (1 - LEVEL) / 2
    in_one_group = unseen_share(float(strata.groups.min()), tail) / len(strata.groups)
    return min(1.0 / float((strata.weights**2).sum()), log(tail) / log1p(-in_one_group))
