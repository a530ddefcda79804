"""The difference of two choices over the same questions, with one or several training seeds each.

Other questions and other seeds would both give another difference; the interval holds both (two-way analysis of
variance, estimated by moments). One seed on each side compares two trained models: what other seeds would give is
unknown then, and the interval says nothing of it.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from belle.statistics.common import common_questions, matched, on_questions
from belle.statistics.groups import Strata, strata_of
from belle.statistics.seeds import table_of
from belle.statistics.signs import Signs, signs
from belle.statistics.single import stratified_variance
from belle.statistics.spread import Spread, spread_of
from belle.statistics.student import LEVEL, pearson, t_quantile
from belle.statistics.two_way import Variance, variance_of_difference


@dataclass(frozen=True)
class Difference:
    """The difference A − B of two macro scores over the questions scored on both sides.

    Attributes:
        estimate: the difference of the means over seeds.
        low: lower bound of the 95 % interval, at least −1.
        high: upper bound, at most 1.
        p: two-sided, that there is no difference: the highest level of an interval that leaves 0 out, from 1.
        spread: what the interval is made of.
        variance: its parts.
        signs: wins, ties and losses of A over B, by the means over seeds.
        n: questions compared.
        lost_a: questions without a score of A.
        lost_b: questions without a score of B.
        seeds: of A and of B, those with a score on these questions.
        paired_seeds: whether row s of A and of B share a seed and were compared so.
        correlation: of the two sides over questions; None when one side does not vary.
        pairing_gain: share by which pairing by question has shortened the interval; None when neither side varies.
    """

    estimate: float
    low: float
    high: float
    p: float
    spread: Spread
    variance: Variance
    signs: Signs
    n: int
    lost_a: int
    lost_b: int
    seeds: tuple[int, int]
    paired_seeds: bool
    correlation: float | None
    pairing_gain: float | None

    @property
    def standard_error(self) -> float:
        """Of the estimate."""
        return self.spread.standard_error

    @property
    def smallest_detectable(self) -> float:
        """The difference that would be significant at 5 % four times in five."""
        return self.spread.smallest_detectable

    @property
    def seeds_known(self) -> bool:
        """Whether the interval holds what other training seeds would give."""
        return max(self.seeds) > 1

    def interval(self, level: float = LEVEL) -> tuple[float, float]:
        """Return the interval of another confidence level."""
        below, above = self.spread.widths(level)
        return max(-1.0, self.estimate - below), min(1.0, self.estimate + above)


def difference(
    a: np.ndarray,
    b: np.ndarray,
    categories: Sequence[str],
    paired_seeds: bool = False,
    judge_variance: float = 0.0,
) -> Difference:
    """Compare two choices on the questions that both have scores of.

    D = Σ w_q (Ā_q − B̄_q). Its variance is max(V_Q + V_S − V_R, V_Q, V_S): V_Q that of the mean differences over
    questions, V_S that of macro scores over seeds, V_R the residual that both hold. t has Satterthwaite's (1946)
    degrees of freedom. A side with one seed borrows the seed variance of a side with several. Scores that only some
    seeds lack are filled (`belle.statistics.seeds.table_of`). Where few questions differ the interval is wider than
    that of t (`belle.statistics.spread`).

    Args:
        a: float64 [seeds of A, questions], 0 to 1; NaN = unscored. [questions] is one seed.
        b: the same of B.
        categories: of each question.
        paired_seeds: row s of both has the same seed, and they share what that seed made (the pre-trained model):
            the differences of such pairs vary less than two independent seeds would.
        judge_variance: part of the variance that the judge's repeats show (`belle.statistics.repeats`).

    Raises:
        ValueError: no question is scored on both sides, or pairs of seeds that do not pair.
    """
    lost = [int(np.isnan(np.atleast_2d(side)).all(axis=0).sum()) for side in (a, b)]
    common = common_questions(a, b, paired_seeds)
    if not common.any():
        raise ValueError("no question is scored on both sides")
    strata = strata_of(np.asarray(categories)[common])
    side_a, side_b = (table_of(on_questions(side, common)) for side in matched(a, b, paired_seeds))
    differences = side_a.means - side_b.means
    variance, df = variance_of_difference(side_a, side_b, strata, paired_seeds, judge_variance)
    estimate = float(strata.weights @ differences)
    spread = spread_of(differences, strata, variance.total, df, lowest=-1)
    below, above = spread.widths()
    return Difference(
        estimate=estimate,
        low=max(-1.0, estimate - below),
        high=min(1.0, estimate + above),
        p=spread.p_value(-estimate),
        spread=spread,
        variance=variance,
        signs=signs(differences),
        n=len(differences),
        lost_a=lost[0],
        lost_b=lost[1],
        seeds=(len(side_a.values), len(side_b.values)),
        paired_seeds=paired_seeds,
        correlation=pearson(side_a.means, side_b.means),
        pairing_gain=_pairing_gain(side_a.means, side_b.means, strata, spread, variance),
    )


def by_category(
    a: np.ndarray, b: np.ndarray, categories: Sequence[str], paired_seeds: bool = False
) -> dict[str, Difference]:
    """Return the difference within each category, sorted by name; categories without a common question are left out."""
    names, found = np.asarray(categories), {}
    for name in sorted(set(names[common_questions(a, b, paired_seeds)].tolist())):
        chosen = names == name
        found[name] = difference(a[..., chosen], b[..., chosen], names[chosen], paired_seeds)
    return found


def _pairing_gain(a: np.ndarray, b: np.ndarray, strata: Strata, spread: Spread, variance: Variance) -> float | None:
    apart = stratified_variance(a, strata) + stratified_variance(b, strata)
    if not apart:
        return None
    return 1 - sum(spread.widths()) / (2 * t_quantile(spread.df) * (apart + variance.seeds) ** 0.5)
