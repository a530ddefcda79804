"""What a person is told while scoring: unscored answers, judges that are understood unequally, files without use."""

import sys
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise

import numpy as np

from belle.score.human import NOT_RATED
from belle.score.scores import Scores
from belle.score.scoring import HUMAN, JUDGE, METRICS, Scoring
from belle.statistics.signs import signs

CLEARLY = 0.01
"""Two judges leave unequally many answers unscored when chance would do so less often than this."""


def print_notes(where: str, notes: Iterable[str]) -> None:
    """Print notes to standard error, each after what it is about."""
    for note in notes:
        print(f"{where}: {note}", file=sys.stderr)


def unscored_notes(scoring: Scoring, categories: list[str]) -> Iterator[str]:
    """Yield a line for each category in which answers have no score, with the reasons; those a person skipped apart."""
    sizes = Counter(categories)
    for category, reasons in scoring.unscored(categories).items():
        told = {reason: count for reason, count in reasons.items() if reason != NOT_RATED}
        if told:
            counts = ", ".join(f"{count} {reason.replace('_', ' ')}" for reason, count in told.items())
            total = f"{sum(told.values())} of {sizes[category]} answers unscored"
            yield f"{scoring.scorer}: {category}: {total}: {counts}"


def lone_notes(scorer: str, scores: Scores) -> Iterator[str]:
    """Yield a line when categories have one scored answer each: how such answers vary can only be guessed."""
    alone = [name for name, one in scores.categories.items() if one.n == 1]
    if alone:
        names = ", ".join(alone)
        yield f"{scorer}: one scored answer in {names}: the interval takes the spread of other categories for them"


def few_notes(scorings: Iterable[Scoring]) -> Iterator[str]:
    """Yield a line when the judge has scored fewer than half of the answers: no experiments are compared by that."""
    for one in scorings:
        if one.scorer == JUDGE and not one.mostly_scored:
            yield (
                f"only {one.scored} of {len(one.scores)} answers have a score of the judge: metrics/scores leaves it "
                "out; see why under `unscored` in metrics/details/eval"
            )


def parse_rate_notes(scorings: Sequence[Scoring]) -> Iterator[str]:
    """Yield a line for two judges of which one leaves clearly more answers unscored (sign test over answers)."""
    judges = [one for one in scorings if one.scorer != METRICS and not one.scorer.startswith(HUMAN)]
    for first, second in pairwise(judges):
        found = signs(np.isnan(first.scores).astype(float) - np.isnan(second.scores))
        if found.p < CLEARLY:
            yield (
                f"{first.scorer} leaves {len(first.scores) - first.scored} answers unscored, {second.scorer} "
                f"{len(second.scores) - second.scored}: their scores are over different answers"
            )
