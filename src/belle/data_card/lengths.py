"""Distributions of lengths: exact, in memory that grows with the number of different lengths alone."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from itertools import count

import numpy as np

QUANTILES = (0.0, 0.05, 0.25, 0.5, 0.75, 0.95, 1.0)


@dataclass
class Lengths:
    """How many texts have each length, in characters."""

    counts: Counter[int] = field(default_factory=Counter)

    def add(self, lengths: np.ndarray) -> None:
        """Count lengths: int64 [n]."""
        values, counts = np.unique(lengths, return_counts=True)
        self.counts.update(dict(zip(values.tolist(), counts.tolist(), strict=True)))

    def quantiles(self) -> dict[str, int]:
        """Return length by quantile: the smallest one that at least this share of the texts do not exceed."""
        values, counts = self._sorted()
        reached = np.cumsum(counts)
        # rounded: 0.95 * 20 is more than 19 in floating point
        ranks = np.ceil(np.round(np.array(QUANTILES) * reached[-1], 6))
        places = np.searchsorted(reached, np.maximum(ranks, 1))
        return {f"{quantile:g}": int(values[place]) for quantile, place in zip(QUANTILES, places, strict=True)}

    def histogram(self) -> list[dict[str, int]]:
        """Return `from`, `to` (both inclusive) and `count` of every bin up to the longest text."""
        values, counts = self._sorted()
        borders = bin_borders(int(values[-1]))
        sums, _ = np.histogram(values, borders, weights=counts)
        bins = zip(borders, borders[1:], sums.tolist(), strict=False)
        return [{"from": start, "to": end - 1, "count": int(total)} for start, end, total in bins]

    def _sorted(self) -> tuple[np.ndarray, np.ndarray]:
        pairs = np.array(sorted(self.counts.items()), dtype=np.int64)
        return pairs[:, 0], pairs[:, 1]


def bin_borders(longest: int) -> list[int]:
    """Return where bins begin, 0, 1, 2, 5, 10, 20, 50, …, and where the one ends that holds `longest`."""
    steps = (digit * 10**power for power in count() for digit in (1, 2, 5))
    borders = [0]
    while borders[-1] <= longest:
        borders.append(next(steps))
    return borders


def span(one: Mapping[str, int]) -> str:
    """Return the lengths of one bin, as in `10–19`."""
    return f"{one['from']:,}–{one['to']:,}" if one["to"] > one["from"] else f"{one['from']:,}"
