"""Several comparisons at once."""

from collections.abc import Sequence

import numpy as np


def holm(p: Sequence[float]) -> list[float]:
    """Adjust p-values for their number (Holm 1979): below 0.05 holds for the whole family with 95 % confidence.

    The k-th smallest of m is multiplied by m − k + 1; none becomes smaller than one before it, or larger than 1.
    """
    values = np.asarray(p, dtype=np.float64)
    order = np.argsort(values, kind="stable")
    factors = np.arange(len(values), 0, -1)
    adjusted = np.empty(len(values))
    adjusted[order] = np.minimum(np.maximum.accumulate(values[order] * factors), 1.0)
    return adjusted.tolist()
