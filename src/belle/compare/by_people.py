"""The difference of two sides by the measure of a person who has scored a part of the answers."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from belle.compare.numbers import interval, signed
from belle.compare.side import Side
from belle.score.scoring import HUMAN
from belle.statistics.anchored import FEWEST, Anchored, anchored


@dataclass(frozen=True)
class ByPerson:
    """What a person's scores say of a difference.

    Attributes:
        person: the scorer, `human:NAME`.
        n: questions whose answers the person has scored on both sides.
        anchored: the difference that the person would find, from the scorer's and those scores; None when they are few.
    """

    person: str
    n: int
    anchored: Anchored | None

    @property
    def agrees(self) -> bool:
        """Whether the scorer's difference is one that the person may find too."""
        found = self.anchored
        return found is not None and found.low <= found.judge_alone <= found.high


def differences_by_people(a: Side, b: Side, scorer: str) -> list[ByPerson]:
    """Return the difference by each person who has scored answers of both sides; none for several training seeds.

    Args:
        a: first side; differences are a − b.
        b: second side.
        scorer: whose scores of all answers are corrected.
    """
    if len(a.results) + len(b.results) > 2 or scorer.startswith(HUMAN):
        return []
    judge = (a.scores(scorer) - b.scores(scorer))[0]
    found = []
    for person in (one for one in a.scorers if one.startswith(HUMAN) and one in b.scorers):
        scores = (a.scores(person) - b.scores(person))[0]
        n = int((~np.isnan(scores + judge)).sum())
        enough = anchored(scores, judge, a.first.categories) if n >= FEWEST else None
        found.append(ByPerson(person, n, enough))
    return found


def people_sentences(found: Sequence[ByPerson], questions: int, scorer: str) -> Iterator[str]:
    """Say what each person finds, and whether the scorer agrees."""
    for one in found:
        seen = f"{one.person} has scored {one.n} of {questions} questions on both sides"
        if one.anchored is None:
            yield f"{seen}; from {FEWEST} on the difference by that measure is told."
            continue
        agree = "agrees" if one.agrees else "does not agree"
        bounds = interval(one.anchored.low, one.anchored.high)
        yield (
            f"{seen}; by that measure the difference is {signed(one.anchored.estimate)} (95 % interval {bounds}), with "
            f"{scorer} corrected where the person has not scored. {scorer} {agree}: {signed(one.anchored.judge_alone)}."
        )
        if one.anchored.not_covered:
            yield f"{one.person} has scored nothing in {', '.join(one.anchored.not_covered)}."


def people_notes(sides: Sequence[Side]) -> Iterator[str]:
    """Yield what to do where a person's scores are known of one side and not of another."""
    results = [result for side in sides for result in side.results]
    for person in sorted({name for result in results for name in result.scores if name.startswith(HUMAN)}):
        have = [result.label for result in results if person in result.scores]
        if lack := [result.label for result in results if person not in result.scores]:
            yield (
                f"{person} has scored answers of {', '.join(have)}, none of {', '.join(lack)}: run the latter again "
                "with the person's file in human_scores/ (`dvc exp run`; all but `score` comes from the cache)"
            )
