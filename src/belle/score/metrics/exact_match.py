"""Metric `exact_match`: the answer is the reference, apart from spelling details."""

from belle.score.metrics.text import normalize


def score(answer: str, reference: str) -> float | None:
    """Return 1.0 when both are equal once normalized (`text.normalize`), else 0.0; None for an empty reference."""
    expected = normalize(reference)
    return float(normalize(answer) == expected) if expected else None
