"""Metric `rouge_l`: how much of the reference the answer holds, in order (for summaries and free answers)."""

from rouge_score.rouge_scorer import RougeScorer
from sacrebleu.tokenizers.tokenizer_zh import TokenizerZh

from belle.score.metrics.text import fold


class ChineseTokens:
    """Chinese characters one by one, other text by words: rouge-score's own tokenizer drops all Chinese."""

    def __init__(self) -> None:
        self._split = TokenizerZh()

    def tokenize(self, text: str) -> list[str]:
        """Return the tokens of a folded text."""
        return self._split(fold(text)).split()


SCORER = RougeScorer(["rougeL"], tokenizer=ChineseTokens())


def score(answer: str, reference: str) -> float | None:
    """Return ROUGE-L F1 (Lin 2004, longest common subsequence); None for an empty reference."""
    if not fold(reference):
        return None
    return float(SCORER.score(reference, answer)["rougeL"].fmeasure)
