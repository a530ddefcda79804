import numpy as np
import pytest

from belle.statistics.kappa import weighted_kappa


def raters(answers, generator):
    truth = generator.binomial(10, 0.6, answers)
    return tuple(np.clip(truth + generator.integers(-2, 3, answers), 0, 10) / 10 for _ in range(2))


def test_kappa_is_the_concordance_of_the_levels():
    """With quadratic weights both are 1 − E(a − b)² / (var a + var b + (mean a − mean b)²) (Fleiss & Cohen 1973)."""
    a, b = raters(100, np.random.default_rng(0))
    concordance = 1 - ((a - b) ** 2).mean() / (a.var() + b.var() + (a.mean() - b.mean()) ** 2)
    assert weighted_kappa(a, b).value == pytest.approx(concordance)


def test_scores_of_one_level_have_no_kappa():
    assert weighted_kappa(np.full(5, 0.5), np.full(5, 0.52)).value is None


def test_the_standard_error_is_the_spread_over_samples():
    generator = np.random.default_rng(0)
    found = [weighted_kappa(*raters(150, generator)) for _ in range(500)]
    assert np.std([one.value for one in found]) == pytest.approx(
        np.mean([one.standard_error for one in found]), rel=0.1
    )
