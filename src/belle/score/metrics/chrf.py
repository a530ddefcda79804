"""Metric `chrf`: overlap of character n-grams (for translations)."""

from sacrebleu.metrics.chrf import CHRF

# Without the n-grams of words of chrF++: sacrebleu takes them between blanks, where a Chinese sentence is one word
CHRF2 = CHRF(word_order=0)


def score(answer: str, reference: str) -> float | None:
    """Return sentence chrF2 (Popović 2015) as sacrebleu computes it, from 0 to 1; None for an empty reference."""
    if not reference.strip():
        return None
    return CHRF2.sentence_score(answer, [reference]).score / 100
