"""Metric `numeric_match`: the answer gives the number that the reference gives."""

from belle.score.numbers.answer import answer_number


def score(answer: str, reference: str) -> float | None:
    """Return 1.0 when both give the same number, compared exactly, else 0.0; None when the reference gives none.

    What a text gives as its answer: `belle.score.numbers.answer.answer_number`. Numbers are values: 1/2, 0.5 and 50%
    are equal, 50 and 50% are not; π and other symbols have no value and are compared as they are written.
    """
    expected = answer_number(reference)
    return None if expected is None else float(answer_number(answer) == expected)
