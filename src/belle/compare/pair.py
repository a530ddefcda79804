"""Two sides compared, and what may be said of them."""

from dataclasses import dataclass
from typing import Literal

from belle.compare.by_people import ByPerson
from belle.compare.sensitivity import Analysis
from belle.compare.side import Side
from belle.statistics.equivalence import Equivalence
from belle.statistics.paired import Difference

SIGNIFICANT = 0.05
Verdict = Literal["better", "worse", "unseen", "not comparable"]
"""Of the first side against the second; not comparable: a difference may come from how they were scored."""


@dataclass(frozen=True)
class Pair:
    """Two sides compared.

    Attributes:
        a: first side.
        b: second side; differences are a − b.
        overall: difference of the macro scores.
        p: its p-value, adjusted for all pairs by Holm.
        categories: the difference within each category.
        category_p: their p-values, adjusted for all categories by Holm.
        equivalence: whether the difference is within a margin; None when nobody asks.
        analyses: the same comparison made in other ways.
        unscored_p: that answers of both sides are unscored as often (sign test).
        same_answers: questions to which both gave the same answer; None when the hashes of answers are not known, or
            there are several seeds.
        scoring_differences: what was different when the sides were scored.
        people: the difference by the measure of each person who has scored answers of both.
    """

    a: Side
    b: Side
    overall: Difference
    p: float
    categories: dict[str, Difference]
    category_p: dict[str, float]
    equivalence: Equivalence | None
    analyses: list[Analysis]
    unscored_p: float
    same_answers: int | None
    scoring_differences: list[str]
    people: list[ByPerson]

    @property
    def verdict(self) -> Verdict:
        """Which side is better, as far as can be seen with all pairs considered."""
        return "not comparable" if self.not_comparable else verdict_of(self.overall.estimate, self.p)

    @property
    def not_comparable(self) -> str | None:
        """Why the difference says nothing of the sides; None when it does."""
        differing = self.overall.signs.wins + self.overall.signs.losses
        if differing and self.same_answers == len(self.a.first.ids):
            return "they gave the same answers to all questions, so it comes from the scoring"
        if self.scoring_differences:
            return f"they were not scored alike ({'; '.join(self.scoring_differences)})"
        return None

    @property
    def holding(self) -> int | None:
        """How many of the other analyses come to the same verdict; None when there is none."""
        if self.not_comparable:
            return None
        return sum(verdict_of(one.difference.estimate, one.difference.p) == self.own_verdict for one in self.analyses)

    @property
    def own_verdict(self) -> Verdict:
        """The verdict of this pair looked at alone, as the other analyses are."""
        return verdict_of(self.overall.estimate, self.overall.p)


def verdict_of(estimate: float, p: float) -> Verdict:
    """Return which side a difference and its p-value favor."""
    if p >= SIGNIFICANT or estimate == 0:
        return "unseen"
    return "better" if estimate > 0 else "worse"
