"""The variance of a difference by seeds and by questions: two-way analysis of variance, estimated by moments."""

from dataclasses import dataclass

from belle.statistics.groups import Strata
from belle.statistics.seeds import Component, Table, between_seeds, residual, total
from belle.statistics.single import stratified_variance


@dataclass(frozen=True)
class Variance:
    """What makes up the variance of a difference; the parts add up to it.

    Attributes:
        seeds: training seeds; 0 when there is one on each side, which says nothing of them.
        questions: the choice of questions, and what neither seeds nor questions explain.
        judge: what another reading by the same judge would change.
    """

    seeds: float
    questions: float
    judge: float

    @property
    def total(self) -> float:
        """The squared standard error of the difference."""
        return self.seeds + self.questions + self.judge


def variance_of_difference(a: Table, b: Table, strata: Strata, paired: bool, judge: float) -> tuple[Variance, float]:
    """Return the variance of the difference of two macro scores in its parts, and the degrees of freedom of t.

    Var = max(V_Q + V_S − V_R, V_Q, V_S): V_Q that of the mean differences over questions, V_S that of macro scores
    over seeds, V_R the residual, which both hold. A side with one seed borrows the seed variance of a side with
    several. Degrees of freedom by Satterthwaite (1946): ν = Var² / Σ V² / ν_V. Of one question alone
    nothing is known, and so no variance.

    Args:
        a: scores of A.
        b: scores of B on the same questions.
        strata: of the questions.
        paired: row s of both has the same seed, and both lack the same scores.
        judge: part of the variance that the judge's repeats show.
    """
    if strata.df == 0:
        return Variance(0.0, 0.0, 0.0), float("inf")
    questions = stratified_variance(a.means - b.means, strata)
    by_question = Component(questions, strata.df)
    by_seed, both = _seed_components(a, b, strata, paired)
    variance = max(questions + by_seed.variance - both.variance, questions, by_seed.variance)
    spread = total([one for one in (by_question, by_seed, both) if one.variance]).df
    added = by_question.variance + by_seed.variance + both.variance
    # Satterthwaite for a combination with a minus: the numerator is the variance itself, not the sum of the parts
    df = spread * (variance / added) ** 2 if variance else float("inf")
    judge = min(judge, questions)
    return Variance(variance - questions, questions - judge, judge), df


def _seed_components(a: Table, b: Table, strata: Strata, paired: bool) -> tuple[Component, Component]:
    """Return V_S and V_R; nothing when each side has one seed."""
    tables = [a - b] if paired else [a, b]
    several = [table for table in tables if len(table.values) > 1]
    if not several:
        return total([]), total([])
    # a side with one seed is given the variance per seed of the other
    factor = 1.0 if len(several) == len(tables) else 1.0 + len(several[0].values)
    by_seed, both = (
        total([Component(one.variance * factor, one.df) for one in (estimate(table, strata) for table in several)])
        for estimate in (between_seeds, residual)
    )
    return by_seed, both
