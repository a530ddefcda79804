"""Rule `exact`: the answer is the reference, spelling details aside."""

from belle.evaluate.rules.text import normalise


def score(answer: str, reference: str) -> float | None:
    """1.0 when both are equal once normalised (`text.normalise`), else 0.0; None for an empty reference."""
    expected = normalise(reference)
    return float(normalise(answer) == expected) if expected else None
