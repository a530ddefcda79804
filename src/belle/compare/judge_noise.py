"""What another reading by the same judge would change in a difference."""

import numpy as np

from belle.compare.side import Side
from belle.statistics.common import common_questions
from belle.statistics.groups import weights
from belle.statistics.repeats import judge_variance


def judge_noise(a: Side, b: Side, scorer: str, paired: bool) -> float:
    """Return the part of the variance of a difference that the judge's repeats show; 0 without repeats.

    Equal answers with equal scores share the judge's replies, the noise of which is in both and cancels.
    """
    common = common_questions(a.scores(scorer), b.scores(scorer), paired)
    if not common.any():
        return 0.0
    weight = weights(np.array(a.first.categories)[common]) * ~_read_once(a, b, scorer)[common]
    return sum(
        judge_variance(result.repeats[scorer][:, common], weight, len(side.results)) / len(side.results)
        for side in (a, b)
        for result in side.results
        if scorer in result.repeats
    )


def _read_once(a: Side, b: Side, scorer: str) -> np.ndarray:
    """Return the questions to which all results gave one answer that has one score, bool [questions]."""
    results = [*a.results, *b.results]
    hashes, scores = (
        np.array([result.hashes for result in results]),
        np.array([result.scores[scorer] for result in results]),
    )
    return np.asarray((hashes == hashes[0]).all(axis=0) & (hashes[0] != "") & (scores == scores[0]).all(axis=0))
