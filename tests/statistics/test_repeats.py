import numpy as np
import pytest

from belle.statistics.groups import weights
from belle.statistics.repeats import judge_variance, repeats_of


def judged(repeats, answers=4000, noise=0.1, seed=0):
    """Scores of answers that truly vary by 0.2, read with noise."""
    generator = np.random.default_rng(seed)
    return generator.normal(0.5, 0.2, answers) + generator.normal(0, noise, (repeats, answers))


def test_noise_and_share_are_found():
    found = repeats_of(judged(3))
    assert found.within == pytest.approx(0.01, rel=0.05)
    assert found.share == pytest.approx(0.04 / 0.05, rel=0.02)
    assert found.reliability == pytest.approx(0.04 / (0.04 + 0.01 / 3), rel=0.01)


def test_reliability_is_the_correlation_of_two_such_means():
    first, second = judged(6)[:3].mean(axis=0), judged(6)[3:].mean(axis=0)
    assert repeats_of(judged(3)).reliability == pytest.approx(np.corrcoef(first, second)[0, 1], abs=0.01)


def test_missing_scores_change_the_number_of_repeats_only():
    scores = judged(3)
    scores[np.random.default_rng(1).random(scores.shape) < 0.2] = np.nan
    found = repeats_of(scores)
    assert 2.3 < found.repeats < 2.5
    assert (found.within, found.share) == pytest.approx((0.01, 0.8), rel=0.05)


@pytest.mark.parametrize(
    "scores", [np.full((1, 5), 0.5), np.full((2, 3), np.nan), np.array([[0.1, np.nan], [np.nan, 0.2]])]
)
def test_single_scores_say_nothing_of_the_judge(scores):
    found = repeats_of(scores)
    assert found.within is None and found.share is None and judge_variance(scores, np.ones(scores.shape[1])) == 0


def test_a_judge_that_always_says_the_same_has_no_noise():
    found = repeats_of(np.full((3, 4), 0.5))
    assert found.within == 0 and found.share is None


def test_the_judges_part_is_how_far_macro_scores_of_other_readings_vary():
    categories = ["a"] * 30 + ["b"] * 10
    generator = np.random.default_rng(0)
    truth = generator.random(40)
    readings = truth + generator.normal(0, 0.1, (2000, 2, 40))
    macro = readings.mean(axis=1) @ weights(categories)
    found = np.mean([judge_variance(one, weights(categories)) for one in readings[:200]])
    assert found == pytest.approx(macro.var(), rel=0.1)


def test_the_mean_of_several_seeds_has_less_of_the_judges_noise():
    scores, weight = judged(3, answers=40), weights(["a"] * 40)
    assert judge_variance(scores, weight, seeds=4) == pytest.approx(judge_variance(scores, weight) / 4)


def test_each_answer_has_the_noise_of_its_own_number_of_repeats():
    scores = np.array([[0.2, 0.4, 0.5], [0.4, np.nan, 0.5]])
    within = repeats_of(scores).within
    assert within == pytest.approx(0.02 / 2)
    assert judge_variance(scores, np.array([0.5, 0.3, 0.2])) == pytest.approx(
        within * (0.5**2 / 2 + 0.3**2 + 0.2**2 / 2)
    )


def test_unbalanced_repeats_have_the_share_of_shrout_and_fleiss():
    scores = np.array([[0.1, 0.5, 0.9, 0.2], [0.2, 0.7, np.nan, 0.3], [0.15, np.nan, np.nan, 0.2]])
    counts = np.array([3, 2, 1, 3])
    means = np.nansum(scores, axis=0) / counts
    within = np.nansum((scores - means) ** 2) / (9 - 4)
    between = counts @ (means - np.nansum(scores) / 9) ** 2 / 3
    answers = (between - within) / ((9 - (counts**2).sum() / 9) / 3)
    found = repeats_of(scores)
    assert (found.repeats, found.within) == pytest.approx((9 / 4, within))
    assert found.share == pytest.approx(answers / (answers + within))
    assert repeats_of(scores[:, :1]).share is None and repeats_of(scores[:, :1]).within is not None
