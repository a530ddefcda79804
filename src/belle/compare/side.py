"""What is compared: one result, or several training seeds of one choice."""

from dataclasses import dataclass
from typing import Any

import numpy as np

from belle.compare.result import Result


@dataclass(frozen=True)
class Side:
    """One choice.

    Attributes:
        letter: A for the first one; stands for it in tables.
        label: what it is called.
        results: one for each training seed, in the order of the seeds; a single one where seeds are not compared.
    """

    letter: str
    label: str
    results: tuple[Result, ...]

    @property
    def first(self) -> Result:
        """The result that stands for what all seeds have in common."""
        return self.results[0]

    @property
    def seeds(self) -> tuple[Any, ...]:
        """The training seed of each result."""
        return tuple(result.params.get("seed") for result in self.results)

    def scores(self, scorer: str) -> np.ndarray:
        """Return float64 [seeds, questions], NaN = unscored."""
        return np.stack([result.scores[scorer] for result in self.results])

    def flagged(self, flag: str) -> np.ndarray:
        """Return which questions have an answer with this flag, bool [questions]."""
        return np.array(
            [any(flag in one for one in flags) for flags in zip(*(r.flags for r in self.results), strict=True)]
        )

    @property
    def scorers(self) -> list[str]:
        """The scorers that every result has."""
        return [name for name in self.first.scores if all(name in result.scores for result in self.results)]
