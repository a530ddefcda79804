import numpy as np
import pytest

from belle.statistics.groups import strata_of, weights


def test_groups_weigh_the_same_and_math_and_code_are_one():
    found = weights(["math", "code", "code", "extract", "extract"])
    assert found == pytest.approx([1 / 6, 1 / 6, 1 / 6, 1 / 4, 1 / 4])
    assert weights(["a"]) == [1.0]


def test_strata_keep_math_and_code_apart():
    strata = strata_of(["math", "code", "code", "extract"])
    assert list(strata.sizes) == [2, 1, 1] and strata.df == 1
    assert list(strata.weight) == pytest.approx([1 / 6, 1 / 2, 1 / 6])
    assert list(strata.centered(np.array([5.0, 1.0, 3.0, 7.0]))) == [0.0, -1.0, 1.0, 0.0]


def test_the_effective_number_of_questions_is_all_of_them_when_they_weigh_the_same():
    assert strata_of(["a", "a", "b", "b"]).effective_n == pytest.approx(4)
    assert strata_of(["a"] * 99 + ["b"]).effective_n == pytest.approx(1 / (0.25 / 99 + 0.25))
