"""Score answers by what judges replied: the mean over the repeats that have a score."""

from collections import defaultdict
from collections.abc import Iterable, Sequence

import numpy as np

from belle.evaluate.answers import Answer
from belle.judge.judgments import Scored
from belle.score.scoring import Scoring, scoring_of

NOT_ASKED = "not_asked"
"""Why an answer is unscored: the judge was not asked about it. The other reasons are those of `belle.judge.parse`."""


def score_by_judges(answers: list[Answer], verdicts: Iterable[Scored]) -> list[Scoring]:
    """Return the scoring of each judge that was asked, sorted by name.

    An answer without a scored repeat has the reason of the first one.

    Args:
        answers: of the variant.
        verdicts: those that count, one per answer, judge and repeat.
    """
    by_judge: dict[str, dict[str, list[Scored]]] = defaultdict(lambda: defaultdict(list))
    for one in verdicts:
        by_judge[one.judge][one.id].append(one)
    return [
        scoring_of(judge, [_mean(by_judge[judge].get(answer.id, [])) for answer in answers])
        for judge in sorted(by_judge)
    ]


def repeats_table(answers: Sequence[Answer], verdicts: Iterable[Scored], judge: str) -> np.ndarray:
    """Return the scores of one judge, float64 [repeats, answers]; NaN = unscored."""
    place = {answer.id: number for number, answer in enumerate(answers)}
    own = [one for one in verdicts if one.judge == judge]
    table = np.full((1 + max((one.repeat for one in own), default=-1), len(answers)), np.nan)
    for one in own:
        if one.verdict.score is not None:
            table[one.repeat, place[one.id]] = one.verdict.score
    return table


def _mean(verdicts: list[Scored]) -> tuple[float | None, str | None]:
    if not verdicts:
        return None, NOT_ASKED
    ordered = sorted(verdicts, key=lambda one: one.repeat)
    scores = [one.verdict.score for one in ordered if one.verdict.score is not None]
    return (sum(scores) / len(scores), None) if scores else (None, ordered[0].verdict.reason)
