"""Categories, the groups that count once, and the weight of a question in the macro score."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

OTHERS = "others"
GROUPS = {"math": OTHERS, "code": OTHERS}
"""Categories that count together, as in BELLE's papers; every other category counts for itself."""
NO_SPREAD = 1e-24
"""Variances up to this are 0: what rounding leaves of equal values."""


@dataclass(frozen=True)
class Strata:
    """Questions as a stratified sample: the strata are the categories, math and code apart.

    Attributes:
        codes: number of its category for each question, int [questions].
        sizes: questions of each category, int [categories].
        weights: of each question in the macro score, float64 [questions].
        weight: of one question of each category, float64 [categories].
    """

    codes: np.ndarray
    sizes: np.ndarray
    weights: np.ndarray
    weight: np.ndarray

    @property
    def df(self) -> int:
        """Degrees of freedom of a variance within categories: questions less categories."""
        return int(self.sizes.sum() - len(self.sizes))

    @property
    def effective_n(self) -> float:
        """Questions of equal weight that would tell as much (Kish 1965): 1 / Σ w², since Σ w = 1."""
        return float(1.0 / (self.weights**2).sum())

    def sums(self, values: np.ndarray) -> np.ndarray:
        """Sum values, float64 [questions], within each category: float64 [categories]."""
        return np.bincount(self.codes, values, minlength=len(self.sizes))

    def centered(self, values: np.ndarray) -> np.ndarray:
        """Return values, float64 [questions], less the mean of their category."""
        return values - (self.sums(values) / self.sizes)[self.codes]


def strata_of(categories: Sequence[str] | np.ndarray) -> Strata:
    """Return the strata of questions, given the category of each; at least one."""
    names, codes, sizes = np.unique(np.asarray(categories), return_inverse=True, return_counts=True)
    groups = [GROUPS.get(name, name) for name in names.tolist()]
    _, group_of = np.unique(groups, return_inverse=True)
    in_group = np.bincount(group_of, sizes)
    weight = 1.0 / (len(in_group) * in_group[group_of])
    return Strata(codes, sizes, weight[codes], weight)


def weights(categories: Sequence[str] | np.ndarray) -> np.ndarray:
    """Return the weight of every question in the macro score, which is the weighted sum of scores.

    w_q = 1 / (G · n_g): the unweighted mean over G groups of the mean over the n_g questions of each.

    Args:
        categories: category of every question [questions]; at least one.

    Returns:
        float64 [questions]; they sum to 1.
    """
    return strata_of(categories).weights
