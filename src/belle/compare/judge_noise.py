"""What another reading by the same judge would change in a difference."""

import numpy as np

from belle.compare.side import Side
from belle.statistics.common import common_questions
from belle.statistics.groups import weights
from belle.statistics.repeats import judge_variance


def judge_noise(a: Side, b: Side, scorer: str, paired: bool) -> float:
    """Return the part of the variance of a difference that the judge's repeats show; 0 without repeats."""
    common = common_questions(a.scores(scorer), b.scores(scorer), paired)
    if not common.any():
        return 0.0
    weight = weights(np.array(a.first.categories)[common])
    return sum(
        judge_variance(result.repeats[scorer][:, common], weight, len(side.results)) / len(side.results)
        for side in (a, b)
        for result in side.results
        if scorer in result.repeats
    )
