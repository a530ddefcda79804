"""What the page shows of each system: its scores, its size and speed, its parameters."""

from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Category:
    """The score of a system in one category, with its 95 % interval."""

    n: int
    score: float
    low: float
    high: float


@dataclass(frozen=True)
class Score:
    """What one scorer says of a system.

    Attributes:
        score: macro average; `low` and `high` are its 95 % interval.
        n: scored answers.
        unscored: answers without a score, by reason.
        categories: by name, in the order of the page.
    """

    score: float
    low: float
    high: float
    n: int
    unscored: dict[str, int] = field(default_factory=dict)
    categories: dict[str, Category] = field(default_factory=dict)


@dataclass(frozen=True)
class System:
    """One column of the page: an experiment, or a quantized variant of one.

    Attributes:
        label: what people call it.
        revision: short hash of its commit, or `workspace`.
        variant: `unquantized` or a quantization scheme.
        scores: by scorer.
        shares: of truncated, empty, … answers.
        size_mb: weights in files, 10^6 bytes; None when not known.
        times: seconds or rates by name, as in `train_seconds` and `answers_per_second`.
        params: the parameters that differ between the systems, as text.
        judges: by judge, what is known of it: models reported, tokens, cost, probe.
    """

    label: str
    revision: str
    variant: str
    scores: dict[str, Score]
    shares: dict[str, float] = field(default_factory=dict)
    size_mb: float | None = None
    times: dict[str, float] = field(default_factory=dict)
    params: dict[str, str] = field(default_factory=dict)
    judges: dict[str, Any] = field(default_factory=dict)
