import numpy as np
import pytest
from scipy import stats

from belle.statistics.agreement import agreement, ranks


def raters(answers=200, seed=0):
    generator = np.random.default_rng(seed)
    truth = generator.integers(0, 11, answers)
    return tuple(np.clip(truth + generator.integers(-2, 3, answers), 0, 10) / 10 for _ in range(2))


def test_figures_are_those_of_scipy_stats():
    a, b = raters()
    found = agreement(a, b)
    bias = stats.ttest_rel(a, b)
    assert found.spearman == pytest.approx(stats.spearmanr(a, b).statistic)
    assert found.bias == pytest.approx((a - b).mean())
    assert (found.bias_low, found.bias_high) == pytest.approx(tuple(bias.confidence_interval()))
    assert found.absolute == pytest.approx(np.abs(a - b).mean())
    assert found.alpha == pytest.approx(found.kappa, abs=0.01)


def test_ranks_are_those_of_scipy_stats():
    values = np.array([0.3, 0.1, 0.3, 0.3, 0.9, 0.1])
    assert list(ranks(values)) == list(stats.rankdata(values))


def test_only_answers_that_both_have_scored_count():
    a, b = raters()
    a[:50], b[40:60] = np.nan, np.nan
    assert agreement(a, b) == agreement(a[60:], b[60:]) and agreement(a, b).n == 140


def test_what_cannot_be_told_is_none():
    found = agreement(np.array([0.5]), np.array([0.5]))
    assert (found.n, found.bias) == (1, 0)
    assert {found.alpha, found.kappa, found.spearman, found.bias_low} == {None}
    shifted = agreement(np.array([0.3, 0.5, 0.9]), np.array([0.2, 0.4, 0.8]))
    assert (shifted.bias, shifted.bias_low) == (pytest.approx(0.1), None)
    constant = agreement(np.array([0.5, 0.5, 0.5]), np.array([0.1, 0.5, 0.9]))
    assert constant.spearman is None and constant.alpha is not None


def test_nothing_in_common_is_an_error():
    with pytest.raises(ValueError, match="no answer"):
        agreement(np.array([np.nan, 1.0]), np.array([1.0, np.nan]))
