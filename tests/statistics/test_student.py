import numpy as np
import pytest
from scipy import stats

from belle.statistics.student import mean_bounds, normal_quantile, pearson, t_quantile, two_sided_p


@pytest.mark.parametrize("df", [1, 1.7, 2, 9.3, 385, 1e6, float("inf")])
@pytest.mark.parametrize("level", [0.6, 0.9, 0.95, 0.999])
def test_quantiles_are_those_of_scipy_stats(df, level):
    assert t_quantile(df, level) == pytest.approx(stats.t.ppf(0.5 + level / 2, df))
    assert normal_quantile(level) == pytest.approx(stats.norm.ppf(0.5 + level / 2))


@pytest.mark.parametrize("df", [2, 30.5, float("inf")])
def test_p_is_that_of_scipy_stats(df):
    assert two_sided_p(-0.3, 0.1, df) == pytest.approx(2 * stats.t.sf(3, df))


def test_bounds_of_a_mean_are_those_of_scipy_stats():
    values = np.array([0.1, -0.2, 0.4, 0.0])
    assert mean_bounds(values, 0.9) == pytest.approx(stats.ttest_1samp(values, 0).confidence_interval(0.9))
    assert mean_bounds(np.zeros(2)) == (0.0, 0.0)


def test_correlation_needs_two_sides_that_vary():
    a = np.array([0.0, 1.0, 0.5])
    assert pearson(a, a**2) == pytest.approx(stats.pearsonr(a, a**2).statistic)
    assert pearson(a, np.ones(3)) is None and pearson(a[:1], a[:1]) is None
