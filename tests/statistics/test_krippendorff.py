import numpy as np
import pytest
from nltk.metrics.agreement import AnnotationTask
from nltk.metrics.distance import interval_distance

from belle.statistics.krippendorff import alpha


def by_nltk(scores):
    data = [
        (rater, item, scores[rater, item])
        for item in range(scores.shape[1])
        if (~np.isnan(scores[:, item])).sum() > 1
        for rater in range(len(scores))
        if not np.isnan(scores[rater, item])
    ]
    return AnnotationTask(data, distance=interval_distance).alpha()


@pytest.mark.parametrize("raters", [2, 3])
@pytest.mark.parametrize("missing", [0.0, 0.2])
def test_alpha_is_that_of_nltk(raters, missing):
    generator = np.random.default_rng(raters)
    truth = generator.integers(0, 11, 50)
    scores = np.clip(truth + generator.integers(-3, 4, (raters, 50)), 0, 10) / 10
    scores[generator.random((raters, 50)) < missing] = np.nan
    found = alpha(scores)
    assert found.value == pytest.approx(by_nltk(scores), abs=1e-9)
    assert found.low < found.value < found.high <= 1


def test_agreement_by_chance_is_about_0_and_perfect_agreement_is_1():
    generator = np.random.default_rng(0)
    assert abs(alpha(generator.random((2, 500))).value) < 0.1
    same = np.tile(generator.random(20), (2, 1))
    assert alpha(same).value == 1 and alpha(same).low is None


@pytest.mark.parametrize("scores", [[[0.5] * 5] * 2, [[0.1, np.nan], [np.nan, 0.2]]])
def test_equal_scores_or_none_in_common_have_no_alpha(scores):
    assert alpha(np.array(scores)).value is None


@pytest.mark.parametrize(("answers", "bounds"), [(2, False), (3, True)])
def test_fewer_than_three_answers_have_no_interval(answers, bounds):
    scores = np.array([[0.1, 0.5, 0.9], [0.2, 0.7, 0.85]])[:, :answers]
    found = alpha(scores)
    assert found.value == pytest.approx(by_nltk(scores)) and (found.low is not None) == bounds == (
        found.high is not None
    )


def test_answers_with_one_score_do_not_count():
    scores = np.array([[0.1, 0.5, 0.9, 0.3], [0.2, 0.7, np.nan, 0.4]])
    assert alpha(scores) == alpha(scores[:, [0, 1, 3]])


@pytest.mark.slow
@pytest.mark.parametrize("noise", [1, 3])
def test_the_interval_covers_alpha(noise):
    generator = np.random.default_rng(noise)

    def sample(answers):
        truth = generator.binomial(10, 0.75, answers)
        return np.clip(truth + generator.integers(-noise, noise + 1, (2, answers)), 0, 10) / 10

    truth = alpha(sample(1_000_000)).value
    found = [alpha(sample(60)) for _ in range(1000)]
    assert np.mean([one.low <= truth <= one.high for one in found]) == pytest.approx(0.95, abs=0.03)
