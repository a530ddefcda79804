import numpy as np
import pytest

from belle.statistics.groups import strata_of
from belle.statistics.seeds import Component, Table, residual, table_of, total

NAN = np.nan


def test_an_additive_table_is_filled_exactly():
    table = np.array([[0.1], [0.3], [0.2]]) + np.array([0.0, 0.4, 0.5, 0.2])
    holes = table.copy()
    holes[0, 1] = holes[2, 3] = holes[2, 0] = NAN
    found = table_of(holes)
    assert found.values == pytest.approx(table, abs=1e-5) and found.filled == np.isnan(holes).sum() == 3


def test_the_residual_of_an_additive_table_is_nothing():
    table = np.array([[0.1], [0.3], [0.2]]) + np.array([0.0, 0.4, 0.5, 0.2])
    assert residual(Table(table), strata_of(["a", "a", "b", "b"])) == Component(0.0, float("inf"))


def test_the_residual_does_not_shrink_when_scores_are_missing():
    generator = np.random.default_rng(0)
    found = []
    for _ in range(200):
        table = generator.normal(0, 1, (3, 50))
        table[generator.random((3, 50)) < 0.1] = NAN
        table = table[:, ~np.isnan(table).all(axis=0)]
        strata = strata_of(["a"] * table.shape[1])
        found.append(residual(table_of(table), strata).variance * table.shape[1] * 3)
    assert np.mean(found) == pytest.approx(1, abs=0.08)


def test_a_sum_has_satterthwaites_degrees_of_freedom():
    assert total([Component(1.0, 4), Component(1.0, 4)]) == Component(2.0, 8)
    assert total([Component(1.0, 4), Component(0.0, 1)]) == Component(1.0, 4)
