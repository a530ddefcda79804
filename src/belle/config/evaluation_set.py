"""Evaluation sets and how their answers are scored: configs/eval/*.yaml.

Apart from `belle.config.evaluate`, so that a new metric concerns no stage that generates.
"""

from typing import Literal

from pydantic import field_validator

from belle.config.question_source import EvalDownload, normalize_category

Metric = Literal["exact_match", "numeric_match", "set_f1", "rouge_l", "chrf", "bleu", "code_match", "code_execution"]


class EvalProfile(EvalDownload):
    """One file of configs/eval/: an evaluation set and, by category, the metric that scores its answers."""

    license: str
    """License of the set, kept in data/check/licenses.json; `private` for questions of your own."""
    homepage: str | None
    """Page that describes the set; null when there is none."""
    metrics: dict[str, Metric]
    """Category (NFKC, case-folded) to metric; answers of a category without one count as unscored."""

    @field_validator("metrics")
    @classmethod
    def _normalized(cls, metrics: dict[str, Metric]) -> dict[str, Metric]:
        for category in metrics:
            if category != (right := normalize_category(category)):
                raise ValueError(f"write the category {category!r} as {right!r} (NFKC, casefold)")
        return metrics
