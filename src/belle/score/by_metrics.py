"""Score answers by rule: each category by its metric."""

from collections.abc import Mapping

from belle.config.evaluation_set import Metric
from belle.evaluate.answers import Answer
from belle.progress import progress
from belle.score.metrics.registry import METRICS as REGISTRY
from belle.score.scoring import METRICS, Scoring, scoring_of

NO_METRIC, NO_REFERENCE, UNUSABLE = "no_metric", "no_reference", "unusable_reference"
"""Why an answer is unscored: its category has no metric, its question no reference, or none the metric can use."""


def score_by_metrics(answers: list[Answer], metrics: Mapping[str, Metric]) -> Scoring:
    """Score every answer by its category's metric; `metrics` is category to metric."""
    verdicts = []
    with progress("score", total=len(answers), unit="answers") as bar:
        for answer in answers:
            verdicts.append(score_answer(answer, metrics))
            bar.advance()
    return scoring_of(METRICS, verdicts)


def score_answer(answer: Answer, metrics: Mapping[str, Metric]) -> tuple[float | None, str | None]:
    """Return the score of one answer, from 0 to 1, or None and the reason."""
    metric = metrics.get(answer.category)
    if metric is None:
        return None, NO_METRIC
    if answer.reference is None:
        return None, NO_REFERENCE
    return REGISTRY[metric](answer.answer, answer.reference), UNUSABLE
