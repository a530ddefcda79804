import numpy as np
import pytest
from scipy import stats

from belle.statistics.equivalence import equivalence
from belle.statistics.paired import difference


def compared(shift, questions=400):
    noise = np.random.default_rng(0).normal(0, 0.05, questions)
    return difference(0.5 + shift + noise - noise.mean(), np.full(questions, 0.5), ["a"] * questions)


@pytest.mark.parametrize(("shift", "equivalent"), [(0.0, True), (0.004, True), (0.008, False), (-0.008, False)])
def test_two_one_sided_tests_are_the_90_percent_interval_within_the_margin(shift, equivalent):
    found = equivalence(compared(shift), 0.01)
    assert found.equivalent == equivalent == (found.low > -0.01 and found.high < 0.01)


def test_p_is_that_of_scipy_stats():
    found = compared(0.004)
    error = found.standard_error
    assert equivalence(found, 0.01).p == pytest.approx(stats.t.sf(0.006 / error, 399))


@pytest.mark.parametrize(("questions", "equivalent"), [(20, False), (295, False), (305, True), (1000, True)])
def test_equal_answers_are_equivalent_when_there_are_enough(questions, equivalent):
    same = difference(np.full(questions, 0.5), np.full(questions, 0.5), ["a"] * questions)
    found = equivalence(same, 0.01)
    assert found.equivalent == equivalent == (found.high < 0.01)


def test_beyond_the_margin_nothing_is_equivalent():
    assert equivalence(difference(np.ones(50), np.zeros(50), ["a"] * 50), 0.5).p == 1


@pytest.mark.parametrize(("wins", "equivalent"), [(0, True), (1, False)])
def test_a_single_question_that_differs_is_a_sign_of_others(wins, equivalent):
    categories = [f"c{i % 11}" for i in range(396)]
    found = equivalence(difference(np.arange(396) < wins, np.zeros(396), categories), 0.01)
    assert found.equivalent == equivalent == (found.high < 0.01)
