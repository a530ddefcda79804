"""Tables of scores, seeds × questions: filled where a score is missing, and their components of variance.

The model is Y = μ + α_s + β_q + ε_sq for each of two choices, or for their difference when they are paired by seed.
"""

from dataclasses import dataclass

import numpy as np

from belle.statistics.groups import NO_SPREAD, Strata

ITERATIONS = 200
"""At most, of filling; fewer the fewer scores are missing: 6 for a tenth of them."""
CLOSE = 1e-6
"""Filling ends when no score changes by more."""


@dataclass(frozen=True)
class Component:
    """A variance of the macro score, and its degrees of freedom (infinite when it is 0)."""

    variance: float
    df: float


@dataclass(frozen=True)
class Table:
    """Scores, float64 [seeds, questions], none missing any more, and how many were filled."""

    values: np.ndarray
    filled: int = 0

    @property
    def means(self) -> np.ndarray:
        """The mean over seeds of each question, float64 [questions]."""
        return self.values.mean(axis=0)

    def __sub__(self, other: "Table") -> "Table":
        """Return the differences, seed by seed; both lack the same scores."""
        return Table(self.values - other.values, self.filled)


def table_of(scores: np.ndarray) -> Table:
    """Fill missing scores with what their seed and their question let expect (Yates 1933).

    The value is seed mean + question mean − mean, computed again until it agrees with itself.

    Args:
        scores: float64 [seeds, questions]; NaN = unscored; every seed and every question has a score.
    """
    missing = np.isnan(scores)
    if not missing.any():
        return Table(scores)
    values = np.where(missing, np.nanmean(scores, axis=0), scores)
    for _ in range(ITERATIONS):
        expected = (values.mean(axis=1, keepdims=True) + values.mean(axis=0) - values.mean())[missing]
        change = np.abs(values[missing] - expected).max()
        values[missing] = expected
        if change < CLOSE:
            break
    return Table(values, int(missing.sum()))


def between_seeds(table: Table, strata: Strata) -> Component:
    """Return s²(M_s) / S: how the mean over seeds of the macro scores varies with the seeds; at least two seeds."""
    macro = table.values @ strata.weights
    return Component(float(macro.var(ddof=1)) / len(macro), len(macro) - 1)


def residual(table: Table, strata: Strata) -> Component:
    """Return the variance of the macro mean by what neither seed nor question explains; at least two seeds.

    Σ_c n_c w_c² σ̂_c² / S, σ̂_c² the mean square of the two-way residuals of a category, with (S − 1)(n_c − 1) degrees
    of freedom, less the share of scores that were filled; those of the sum are Satterthwaite's (1946).
    """
    seeds = len(table.values)
    squares = sum(strata.sums(strata.centered(row) ** 2) for row in table.values - table.means)
    observed = 1 - table.filled / table.values.size
    dfs = (seeds - 1) * np.maximum(strata.sizes - 1, 0) * observed
    mean_squares = np.divide(squares, dfs, out=np.zeros(len(dfs)), where=dfs > 0)
    variances = strata.sizes * strata.weight**2 * mean_squares / seeds
    return total([Component(variance, df) for variance, df in zip(variances, dfs, strict=True)])


def total(components: list[Component]) -> Component:
    """Add independent components; degrees of freedom by Welch (1947) and Satterthwaite (1946)."""
    components = [one for one in components if one.variance > NO_SPREAD]
    variance = sum(one.variance for one in components)
    spread = sum(one.variance**2 / one.df for one in components)
    return Component(float(variance), float(variance**2 / spread) if components else float("inf"))
