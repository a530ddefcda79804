"""Score answers by rule: each category by its metric."""

from collections.abc import Mapping

from belle.config.evaluation_set import Metric
from belle.evaluate.answers import Answer
from belle.progress import progress
from belle.sandbox.run import check_sandbox
from belle.score.metrics.registry import EXECUTING
from belle.score.metrics.registry import METRICS as REGISTRY
from belle.score.scoring import METRICS, Scoring, scoring_of

NO_METRIC, NO_REFERENCE, UNUSABLE = "no_metric", "no_reference", "unusable_reference"
"""Why an answer is unscored: its category has no metric, its question no reference, or none the metric can use."""
NOT_EXECUTED = "execute_code_is_false"
"""The metric runs answers, which evaluate.execute_code does not allow."""


def score_by_metrics(answers: list[Answer], metrics: Mapping[str, Metric], execute_code: bool) -> Scoring:
    """Score every answer by its category's metric.

    Args:
        answers: of one variant.
        metrics: category to metric.
        execute_code: whether answers may be run, in a sandbox, by the metrics that do so.

    Raises:
        UserError: answers are to be run, and there is no sandbox on this machine.
    """
    if execute_code and EXECUTING & set(metrics.values()):
        check_sandbox()
    verdicts = []
    with progress("score", total=len(answers), unit="answers") as bar:
        for answer in answers:
            verdicts.append(score_answer(answer, metrics, execute_code))
            bar.advance()
    return scoring_of(METRICS, verdicts)


def score_answer(answer: Answer, metrics: Mapping[str, Metric], execute_code: bool) -> tuple[float | None, str | None]:
    """Return the score of one answer, from 0 to 1, or None and the reason."""
    metric = metrics.get(answer.category)
    if metric is None:
        return None, NO_METRIC
    if metric in EXECUTING and not execute_code:
        return None, NOT_EXECUTED
    if answer.reference is None:
        return None, NO_REFERENCE
    return REGISTRY[metric](answer.answer, answer.reference), UNUSABLE
