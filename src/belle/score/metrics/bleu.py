"""Metric `bleu`: overlap of n-grams of Chinese characters and words of other scripts (for translations)."""

from sacrebleu.metrics.bleu import BLEU

# Characters, as in the published BLEU of translations into Chinese: the borders that a segmenter draws differ by its
# version, and move around a wrong word. Orders longer than the answer are left out, as sacrebleu advises for sentences.
SENTENCE_BLEU = BLEU(tokenize="zh", smooth_method="exp", effective_order=True)


def score(answer: str, reference: str) -> float | None:
    """Return sentence BLEU-4 (Papineni 2002) as sacrebleu computes it, from 0 to 1; None for an empty reference.

    Precisions of 0 are smoothed exponentially, `exp` in sacrebleu (method 3 of Chen and Cherry 2014).
    """
    if not reference.strip():
        return None
    # a sum of logarithms can exceed that of 1 by an error of rounding
    return min(1.0, SENTENCE_BLEU.sentence_score(answer, [reference]).score / 100)
