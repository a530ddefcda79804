import numpy as np
import pytest

from belle.score.by_metrics import NO_METRIC, NO_REFERENCE, UNUSABLE, score_answer, score_by_metrics
from factories import answer

METRICS = {"math": "numeric_match", "extract": "set_f1"}


@pytest.mark.parametrize(
    ("scored", "expected"),
    [
        (answer("答案是12", "12", "math"), 1.0),
        (answer("", "12", "math"), 0.0),
        (answer("12", None, "math"), NO_REFERENCE),
        (answer("12", "见下图", "math"), UNUSABLE),
        (answer("12", "12", "generation"), NO_METRIC),
    ],
)
def test_an_unscored_answer_is_not_a_wrong_one(scored, expected):
    score, reason = score_answer(scored, METRICS)
    assert (reason if score is None else score) == expected


def test_reasons_are_counted_by_category():
    answers = [answer("12", "12", "math", "q1"), answer("1", None, "math", "q2"), answer("诗", "诗", "诗歌", "q3")]
    found = score_by_metrics(answers, METRICS)
    assert found.scored == 1 and np.isnan(found.scores[1:]).all()
    assert found.unscored([one.category for one in answers]) == {"math": {NO_REFERENCE: 1}, "诗歌": {NO_METRIC: 1}}
