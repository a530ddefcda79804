import numpy as np
import pytest
from scipy import stats

from belle.statistics.signs import signs


@pytest.mark.parametrize(("wins", "ties", "losses"), [(7, 3, 1), (5, 0, 5), (0, 4, 6), (40, 2, 60)])
def test_p_is_that_of_the_binomial_test(wins, ties, losses):
    found = signs(np.array([0.5] * wins + [0.0] * ties + [-0.1] * losses))
    assert (found.wins, found.ties, found.losses) == (wins, ties, losses)
    assert found.p == pytest.approx(stats.binomtest(wins, wins + losses).pvalue)


def test_what_rounding_leaves_is_a_tie():
    assert signs(np.array([0.1 + 0.2 - 0.3, 0.0])).ties == 2


def test_ties_alone_say_nothing():
    assert signs(np.zeros(5)).p == 1.0
