import numpy as np
import pytest
from scipy import stats

from belle.statistics.single import macro_interval, wilson


def test_the_interval_of_one_category_is_that_of_a_mean():
    values = np.random.default_rng(0).random(30)
    found = macro_interval(values, ["a"] * 30)
    low, high = stats.t.interval(0.95, 29, values.mean(), stats.sem(values))
    assert (found.estimate, found.low, found.high, found.n) == pytest.approx((values.mean(), low, high, 30))


def test_two_categories_are_two_independent_means():
    a, b = np.random.default_rng(0).random((2, 20))
    found = macro_interval(np.concatenate([a, b]), ["a"] * 20 + ["b"] * 20)
    half = stats.t.ppf(0.975, 38) * (stats.sem(a) ** 2 + stats.sem(b) ** 2) ** 0.5 / 2
    assert found.high - found.estimate == pytest.approx(half)


def width(interval):
    return interval.high - interval.low


def test_what_is_between_categories_is_no_uncertainty():
    scores = np.array([1.0, 0.9] * 10 + [0.0, 0.1] * 10)
    assert width(macro_interval(scores, ["a"] * 20 + ["b"] * 20)) < 0.04 < width(macro_interval(scores, ["a"] * 40))


def test_unscored_answers_are_left_out_with_a_category_that_has_no_other():
    scores = np.array([1.0, 0.5, np.nan, np.nan])
    found = macro_interval(scores, ["a", "a", "a", "b"])
    assert found == macro_interval(scores[:2], ["a", "a"]) and found.n == 2


@pytest.mark.parametrize("scores", [[1.0] * 396, [0.0] * 396])
def test_a_score_without_spread_has_a_width(scores):
    found = macro_interval(np.array(scores), [f"c{i % 11}" for i in range(396)])
    known = stats.binomtest(int(sum(scores)), 396).proportion_ci(method="exact")
    assert (found.low, found.high) == pytest.approx((known.low, known.high)) and found.high - found.low > 0.009


def test_equal_scores_leave_room_for_others_on_both_sides():
    found = macro_interval(np.full(40, 0.7), ["a"] * 40)
    share = stats.binomtest(0, 40).proportion_ci(method="exact").high
    assert (found.low, found.high) == pytest.approx((0.7 - 0.7 * share, 0.7 + 0.3 * share))


def test_one_answer_that_is_wrong_says_little_of_how_many_would_be():
    found = macro_interval(np.arange(396) > 0, [f"c{i % 11}" for i in range(396)])
    known = stats.binomtest(395, 396).proportion_ci(method="exact")
    assert found.low == pytest.approx(known.low, abs=0.003) and found.high == 1


def test_equal_scores_that_rounding_makes_differ_have_no_spread():
    found = macro_interval(np.full(33, 0.1 + 0.2), [f"c{i % 3}" for i in range(33)])
    assert found.high - found.low > 0.09


def test_one_answer_says_little():
    found = macro_interval(np.array([0.3]), ["math"])
    assert found.estimate == 0.3 and found.low < 0.05 and found.high > 0.8
    alone = macro_interval(np.array([0.0, 1.0, 0.5]), ["a", "b", "c"])
    assert alone.low < 0.2 and alone.high > 0.8


@pytest.mark.parametrize(("right", "n"), [(36, 36), (0, 36), (34, 36), (1, 1), (270, 285)])
def test_right_or_wrong_answers_have_wilsons_interval(right, n):
    scores = np.array([1.0] * right + [0.0] * (n - right))
    known = stats.binomtest(right, n).proportion_ci(method="wilson")
    found = wilson(scores)
    assert (found.low, found.high) == pytest.approx((known.low, known.high), abs=1e-9)
    assert found.low <= found.estimate <= found.high and found.low < found.high


def test_scores_that_vary_less_have_a_shorter_interval():
    partial, extreme = np.array([0.4, 0.6] * 20), np.array([0.0, 1.0] * 20)
    assert width(wilson(partial)) == pytest.approx(width(wilson(extreme)) / 5, rel=0.08)
    assert wilson(np.append(partial, np.nan)) == wilson(partial)


def test_equal_scores_keep_the_interval_of_their_number():
    found = wilson(np.full(36, 0.9))
    assert 0.75 < found.low < 0.8 and 0.95 < found.high < 1


@pytest.mark.parametrize("estimate", [lambda scores: macro_interval(scores, ["a"] * len(scores)), wilson])
def test_nothing_scored_is_an_error(estimate):
    with pytest.raises(ValueError, match="no question is scored"):
        estimate(np.array([np.nan, np.nan]))
