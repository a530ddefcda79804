"""Every metric by the name that configs/eval/*.yaml uses."""

from typing import Protocol

from belle.config.evaluation_set import Metric
from belle.score.metrics import bleu, chrf, code_execution, code_match, exact_match, numeric_match, rouge_l, set_f1


class MetricFunction(Protocol):
    """Score an answer against its reference."""

    def __call__(self, answer: str, reference: str) -> float | None:
        """Return 0.0 (wrong, or an empty answer) to 1.0 (right); None when the reference cannot be used."""


METRICS: dict[Metric, MetricFunction] = {
    "exact_match": exact_match.score,
    "numeric_match": numeric_match.score,
    "set_f1": set_f1.score,
    "rouge_l": rouge_l.score,
    "chrf": chrf.score,
    "bleu": bleu.score,
    "code_match": code_match.score,
    "code_execution": code_execution.score,
}

EXECUTING: frozenset[Metric] = frozenset({"code_execution"})
"""The metrics that run answers."""
