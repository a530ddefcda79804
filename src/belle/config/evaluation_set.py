"""Evaluation sets and how their answers are scored: configs/eval/*.yaml.

Apart from `belle.config.evaluate`, so that a new metric concerns no stage that generates.
"""

import unicodedata
from typing import Annotated, Literal

from pydantic import Field, field_validator, model_validator

from belle.config.base import Section
from belle.config.source import Source

Metric = Literal["exact_match", "numeric_match", "set_f1", "rouge_l", "chrf"]


def normalize_category(name: str) -> str:
    """Return a category's name in NFKC and case-folded, blanks around it removed.

    BELLE's evaluation set says `closed qa` with a no-break space where its judge prompts say `closed QA`.
    """
    return unicodedata.normalize("NFKC", name).casefold().strip()


class EvalProfile(Section):
    """One file of configs/eval/: an evaluation set and, by category, the metric that scores its answers."""

    source: Annotated[Source, Field(discriminator="kind")]
    format: Literal["questions", "belle"] = "questions"
    """Keys of a row: `question`, `reference`, `category`, or BELLE's `question`, `std_answer`, `class`."""
    judge_prompts: str | None = None
    """File of the source that holds the judge's prompts: `class` and `prompt` in each row."""
    license: str
    """License of the set, recorded beside the download."""
    homepage: str
    """Page that describes the set, recorded beside the download."""
    metrics: dict[str, Metric]
    """Category (NFKC, case-folded) to metric; answers of a category without one count as unscored."""

    @field_validator("metrics")
    @classmethod
    def _normalized(cls, metrics: dict[str, Metric]) -> dict[str, Metric]:
        for category in metrics:
            if category != (right := normalize_category(category)):
                raise ValueError(f"write the category {category!r} as {right!r} (NFKC, casefold)")
        return metrics

    @model_validator(mode="after")
    def _pinned(self) -> "EvalProfile":
        if self.source.kind == "hub" and self.source.revision is None:
            raise ValueError("source.revision: an evaluation set is always pinned: scores compare on equal questions")
        return self
