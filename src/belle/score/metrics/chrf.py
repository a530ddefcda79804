"""Metric `chrf`: overlap of character n-grams (for translations)."""

from sacrebleu.metrics.chrf import CHRF

CHRF2 = CHRF()


def score(answer: str, reference: str) -> float | None:
    """Return sentence chrF2 (Popović 2015) as sacrebleu computes it, from 0 to 1; None for an empty reference."""
    if not reference.strip():
        return None
    return CHRF2.sentence_score(answer, [reference]).score / 100
