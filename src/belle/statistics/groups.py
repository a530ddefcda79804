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
        codes: number of its stratum for each question, int [questions].
        sizes: questions of each stratum, int [strata].
        weights: of each question in the macro score, float64 [questions].
        weight: of one question of each stratum, float64 [strata].
        groups: questions of each group that counts once, int [groups].
    """

    codes: np.ndarray
    sizes: np.ndarray
    weights: np.ndarray
    weight: np.ndarray
    groups: np.ndarray

    @property
    def df(self) -> int:
        """Degrees of freedom of a variance within strata: questions less strata."""
        return int(self.sizes.sum() - len(self.sizes))

    def sums(self, values: np.ndarray) -> np.ndarray:
        """Sum values, float64 [questions], within each stratum: float64 [strata]."""
        return np.bincount(self.codes, values, minlength=len(self.sizes))

    def centered(self, values: np.ndarray) -> np.ndarray:
        """Return values, float64 [questions], less the mean of their stratum."""
        return values - (self.sums(values) / self.sizes)[self.codes]

    def medians(self, values: np.ndarray) -> np.ndarray:
        """Return the median of the stratum of each of the values, float64 [questions]."""
        ordered = values[np.lexsort((values, self.codes))]
        first = np.cumsum(self.sizes) - self.sizes
        return ((ordered[first + (self.sizes - 1) // 2] + ordered[first + self.sizes // 2]) / 2)[self.codes]


def strata_of(categories: Sequence[str] | np.ndarray) -> Strata:
    """Return the strata of questions, given the category of each; at least one.

    Categories of one question are one stratum together, for nothing can vary within each (collapsed strata, Cochran
    1977, section 5A.12); where there is a single such category, it joins the smallest other one.
    """
    names, codes, sizes = np.unique(np.asarray(categories), return_inverse=True, return_counts=True)
    groups = [GROUPS.get(name, name) for name in names.tolist()]
    _, group_of = np.unique(groups, return_inverse=True)
    in_group = np.bincount(group_of, sizes).astype(int)
    each = (1.0 / (len(in_group) * in_group[group_of]))[codes]
    _, codes, sizes = np.unique(_collapsed(sizes)[codes], return_inverse=True, return_counts=True)
    return Strata(codes, sizes, each, (np.bincount(codes, each**2) / sizes) ** 0.5, in_group)


def _collapsed(sizes: np.ndarray) -> np.ndarray:
    """Return the number of the stratum of each category, int [categories], given its questions."""
    stratum = np.arange(len(sizes))
    alone = np.flatnonzero(sizes == 1)
    if len(alone) == 1 < len(sizes):
        alone = np.argsort(sizes, kind="stable")[:2]
    stratum[alone] = alone[:1]
    return stratum


def weights(categories: Sequence[str] | np.ndarray) -> np.ndarray:
    """Return the weight of every question in the macro score, which is the weighted sum of scores.

    w_q = 1 / (G · n_g): the unweighted mean over G groups of the mean over the n_g questions of each.

    Args:
        categories: category of every question [questions]; at least one.

    Returns:
        float64 [questions]; they sum to 1.
    """
    return strata_of(categories).weights
