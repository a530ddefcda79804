"""Every metric by the name that configs/eval/*.yaml uses."""

import sys
from collections.abc import Mapping
from typing import Protocol

from belle.config.evaluation_set import Metric
from belle.sandbox.run import check_sandbox
from belle.score.metrics import bleu, chrf, code_execution, code_match, exact_match, numeric_match, rouge_l, set_f1


class Scorer(Protocol):
    """What a metric is: a function of two texts."""

    def __call__(self, answer: str, reference: str) -> float | None:
        """Return 0.0 (wrong, or an empty answer) to 1.0 (right); None when the reference cannot be used."""


METRICS: dict[Metric, Scorer] = {
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


def allowed_metrics(metrics: Mapping[str, Metric], execute_code: bool) -> dict[str, Metric]:
    """Return category to metric, without the metrics that run answers unless `execute_code`; say what is left out.

    Raises:
        UserError: answers are to be run, and there is no sandbox on this machine.
    """
    executed = sorted(category for category, metric in metrics.items() if metric in EXECUTING)
    if executed and execute_code:
        check_sandbox()
        return dict(metrics)
    for category in executed:
        print(
            f"{category}: unscored, for {metrics[category]} runs answers and evaluate.execute_code is false",
            file=sys.stderr,
        )
    return {category: metric for category, metric in metrics.items() if category not in executed}
