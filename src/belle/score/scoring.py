"""What one scorer says of the answers of a variant."""

from collections import Counter
from dataclasses import dataclass

import numpy as np

METRICS = "metrics"
"""The scorer by rule."""
JUDGE = "judge"
"""The scorer that is the judge; `second_judge` is compared with it."""
HUMAN = "human:"
"""Begins the name of a scorer that is a person."""


@dataclass(frozen=True)
class Scoring:
    """The scores of one scorer, in the order of the answers.

    Attributes:
        scorer: its name.
        scores: float64 [answers], 0 to 1; NaN = unscored.
        reasons: why an answer is unscored, None for a score; as many as scores.
    """

    scorer: str
    scores: np.ndarray
    reasons: list[str | None]

    @property
    def scored(self) -> int:
        """How many answers have a score."""
        return scored(self.scores)

    @property
    def mostly_scored(self) -> bool:
        """Whether at least half of the answers have a score."""
        return mostly_scored(self.scores)

    def unscored(self, categories: list[str]) -> dict[str, dict[str, int]]:
        """Count the answers without a score by category and reason, both sorted by name."""
        counts = Counter(pair for pair in zip(categories, self.reasons, strict=True) if pair[1] is not None)
        found: dict[str, dict[str, int]] = {}
        for (category, reason), count in sorted(counts.items()):
            found.setdefault(category, {})[str(reason)] = count
        return found


def scored(scores: np.ndarray) -> int:
    """Return how many scores there are, float64 [answers], NaN = unscored."""
    return int((~np.isnan(scores)).sum())


def mostly_scored(scores: np.ndarray) -> bool:
    """Return whether at least half of the answers have a score; experiments are not compared by fewer."""
    return 2 * scored(scores) >= len(scores)


def scoring_of(scorer: str, verdicts: list[tuple[float | None, str | None]]) -> Scoring:
    """Return a scoring from pairs of a score and, where that is None, the reason."""
    scores = np.array([np.nan if score is None else score for score, _ in verdicts], dtype=np.float64)
    return Scoring(scorer, scores, [reason if score is None else None for score, reason in verdicts])
