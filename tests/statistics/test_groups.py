import numpy as np
import pytest

from belle.statistics.groups import strata_of, weights


def test_groups_weigh_the_same_and_math_and_code_are_one():
    found = weights(["math", "code", "code", "extract", "extract"])
    assert found == pytest.approx([1 / 6, 1 / 6, 1 / 6, 1 / 4, 1 / 4])
    assert weights(["a"]) == [1.0]


def test_strata_keep_math_and_code_apart():
    strata = strata_of(["math", "math", "code", "code", "extract", "extract"])
    assert list(strata.sizes) == [2, 2, 2] and strata.df == 3 and list(strata.groups) == [2, 4]
    assert list(strata.weight) == pytest.approx([1 / 8, 1 / 4, 1 / 8])
    assert list(strata.centered(np.array([5.0, 1.0, 3.0, 7.0, 0.0, 0.0]))) == [2.0, -2.0, -2.0, 2.0, 0.0, 0.0]


def test_categories_of_one_question_are_one_stratum():
    strata = strata_of(["a", "b", "b", "c", "a", "d"])
    assert list(strata.codes) == [0, 1, 1, 2, 0, 2] and strata.df == 3
    assert list(strata.weights) == pytest.approx([1 / 8, 1 / 8, 1 / 8, 1 / 4, 1 / 8, 1 / 4])
    assert list(strata.groups) == [2, 2, 1, 1]


def test_a_single_category_of_one_question_joins_the_smallest_other_one():
    strata = strata_of(["a", "a", "a", "b", "b", "c"])
    assert list(strata.sizes) == [3, 3] and list(strata.codes) == [0, 0, 0, 1, 1, 1]
    # the sum of squared weights of the stratum stays what it is
    assert list(strata.weight**2 * strata.sizes) == pytest.approx([3 / 81, 2 / 36 + 1 / 9])
    assert strata_of(["a"]).df == 0


def test_medians_are_those_of_the_stratum():
    strata = strata_of(["a", "b", "a", "b", "a"])
    assert list(strata.medians(np.array([5.0, 1.0, 3.0, 2.0, 9.0]))) == [5.0, 1.5, 5.0, 1.5, 5.0]
