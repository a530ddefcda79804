import numpy as np
import pytest
from scipy import stats

from belle.statistics.groups import strata_of
from belle.statistics.paired import difference
from belle.statistics.spread import Spread, spread_of, unseen_share

T_ONLY = Spread(standard_error=0.02, df=38, skew=0.01, rarity=0.0, effective_n=40, reach=(1.0, 1.0))
RARE = Spread(standard_error=0.005, df=385, skew=0.0025, rarity=0.98, effective_n=396, reach=(1.0, 1.0))


def test_without_rarity_it_is_the_t_interval():
    assert T_ONLY.widths(0.9) == pytest.approx((0.02 * stats.t.ppf(0.95, 38),) * 2)
    assert T_ONLY.p_value(-0.05) == T_ONLY.p_value(0.05) == pytest.approx(2 * stats.t.sf(2.5, 38))


@pytest.mark.parametrize("side", [-1, 1])
@pytest.mark.parametrize("distance", [0.012, 0.02, 0.03])
def test_p_is_the_level_at_which_the_interval_ends_there(side, distance):
    p = RARE.p_value(side * distance)
    assert RARE.widths(1 - p)[side > 0] == pytest.approx(distance)


def test_it_reaches_further_to_the_side_where_the_few_are():
    below, above = RARE.widths()
    by_t = 0.005 * stats.t.ppf(0.975, 385)
    assert below == pytest.approx(np.hypot(by_t, 0.98**0.5 * unseen_share(396, 0.025)))
    assert above - below == pytest.approx(0.98 * 0.0025 * (1 + 2 * stats.norm.ppf(0.975) ** 2) / 6)


def test_what_was_not_seen_once_may_be_as_frequent_as_clopper_and_pearson_say():
    assert unseen_share(36, 0.025) == pytest.approx(stats.binomtest(0, 36).proportion_ci(method="exact").high)


@pytest.mark.parametrize(("differing", "rarity"), [(0, 1.0), (5, 0.75), (20, 0.0), (40, 0.0)])
def test_rarity_is_how_many_more_are_equal_than_differ(differing, rarity):
    values = np.where(np.arange(40) < differing, np.arange(40) / 100 + 0.1, 0)
    assert spread_of(values, strata_of(["a"] * 40), 1e-3, 39, -1).rarity == pytest.approx(rarity)


def test_few_in_a_small_category_may_hide_more_than_in_all():
    values, n = np.zeros(240), 0.025 ** (1 / 10)
    found = spread_of(values, strata_of(["a"] * 200 + ["b"] * 30 + ["c"] * 10), 0.0, float("inf"), -1)
    assert found.widths()[0] == pytest.approx((1 - n) / 3)


def test_the_smallest_detectable_difference_is_found_four_times_in_five():
    size = Spread(0.1 / 20**0.5, 19, 0.0, 0.0, 20, (1, 1)).smallest_detectable
    noise = np.random.default_rng(0).normal(size, 0.1, (4000, 20))
    assert (stats.ttest_1samp(noise, 0, axis=1).pvalue < 0.05).mean() == pytest.approx(0.8, abs=0.03)


def test_what_could_differ_further_decides():
    one_sided = Spread(0.0, float("inf"), 0.0, 1.0, 40, (1.0, 0.0))
    assert one_sided.smallest_detectable == pytest.approx(2.3 * one_sided.widths()[0]) and one_sided.widths()[1] == 0


def test_among_equal_answers_too():
    categories, zeros = ["a"] * 400, np.zeros(400)
    size = difference(zeros, zeros, categories).smallest_detectable
    generator = np.random.default_rng(0)
    found = [difference(generator.random(400) < size, zeros, categories).p < 0.05 for _ in range(500)]
    assert np.mean(found) == pytest.approx(0.8, abs=0.06)
