import numpy as np
import pytest

from belle.statistics.groups import strata_of
from belle.statistics.seeds import Table, between_seeds, residual
from belle.statistics.single import stratified_variance
from belle.statistics.two_way import variance_of_difference

STRATA = strata_of(["a"] * 20 + ["b"] * 40)
RNG = np.random.default_rng(0)


def table(seeds: int, effect: float = 0.0, noise: float = 0.1) -> Table:
    """Scores whose seeds differ by `effect` each, on questions that suit the choice more or less."""
    return Table(effect * np.arange(seeds)[:, None] + RNG.normal(size=60) + noise * RNG.normal(size=(seeds, 60)))


A, B = table(3, effect=0.2), table(4, effect=0.1)
QUESTIONS = stratified_variance(A.means - B.means, STRATA)
SEEDS = between_seeds(A, STRATA).variance + between_seeds(B, STRATA).variance
BOTH = residual(A, STRATA).variance + residual(B, STRATA).variance


def test_the_variance_between_seeds_is_that_of_the_mean_of_macro_scores():
    macro = [row @ STRATA.weights for row in A.values]
    assert between_seeds(A, STRATA).variance == pytest.approx(np.var(macro, ddof=1) / 3)
    assert between_seeds(A, STRATA).df == 2


def test_seeds_and_questions_add_up_less_what_both_hold():
    found, df = variance_of_difference(A, B, STRATA, paired=False, judge=0.0)
    assert found.total == pytest.approx(QUESTIONS + SEEDS - BOTH) and found.total > QUESTIONS
    assert found.seeds == pytest.approx(SEEDS - BOTH) and found.questions == pytest.approx(QUESTIONS)
    parts = [estimate(side, STRATA) for side in (A, B) for estimate in (between_seeds, residual)]
    spread = QUESTIONS**2 / 58 + sum(part.variance**2 / part.df for part in parts)
    assert df == pytest.approx(found.total**2 / spread)


def test_seeds_without_effect_take_nothing_away_from_the_questions():
    same = table(1, noise=0.3).values
    a = Table(np.repeat(same, 3, axis=0) + 0.001 * RNG.normal(size=(3, 60)))
    b = Table(np.repeat(table(1, noise=0.3).values, 3, axis=0))
    found, df = variance_of_difference(a, b, STRATA, paired=False, judge=0.0)
    assert found.questions == pytest.approx(stratified_variance(a.means - b.means, STRATA))
    assert 0 <= found.seeds < 0.01 * found.questions and df == pytest.approx(58, rel=0.05)


def test_a_side_with_one_seed_is_given_the_variance_of_one_seed_of_the_other():
    lone = table(1)
    found, df = variance_of_difference(A, lone, STRATA, paired=False, judge=0.0)
    per_seed = 3 * between_seeds(A, STRATA).variance
    less = residual(A, STRATA).variance * 4
    expected = stratified_variance(A.means - lone.means, STRATA) + per_seed / 3 + per_seed - less
    assert found.total == pytest.approx(expected) and 2 < df < 5


def test_pairs_of_seeds_lose_what_they_share():
    shared = 0.3 * np.arange(3)[:, None]
    a, b = (Table(shared + table(3).values) for _ in range(2))
    found, _ = variance_of_difference(a, b, STRATA, paired=True, judge=0.0)
    assert found.seeds < 0.01 < variance_of_difference(a, b, STRATA, paired=False, judge=0.0)[0].seeds
    expected = stratified_variance(a.means - b.means, STRATA) + between_seeds(a - b, STRATA).variance
    assert found.total == pytest.approx(max(expected - residual(a - b, STRATA).variance, found.questions))


@pytest.mark.parametrize(("judge", "part"), [(0.25, 0.25), (0.0, 0.0), (5.0, 1.0)])
def test_the_judges_noise_is_a_part_of_that_of_the_questions(judge, part):
    a, b = table(1), table(1)
    questions = stratified_variance(a.means - b.means, STRATA)
    found, _ = variance_of_difference(a, b, STRATA, paired=False, judge=judge * questions)
    assert (found.judge, found.questions) == pytest.approx((part * questions, (1 - part) * questions))
    assert (found.seeds, found.total) == pytest.approx((0, questions))


def test_of_one_question_nothing_is_known():
    a = Table(np.array([[0.2], [0.9]]))
    found, df = variance_of_difference(a, a, strata_of(["a"]), paired=False, judge=1.0)
    assert found.total == 0 and df == float("inf")
