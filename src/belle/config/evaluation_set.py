"""Evaluation sets and how their answers are scored: configs/eval/*.yaml.

Apart from `belle.config.evaluate`, so that a new rule concerns no stage that generates.
"""

from typing import Annotated, Literal

from pydantic import Field, field_validator, model_validator

from belle.config.section import Section
from belle.config.source import Source
from belle.data.category import normalise_category

Rule = Literal["exact", "numeric", "set", "rouge_l", "chrf"]


class EvalProfile(Section):
    """One file of configs/eval/: an evaluation set and, by category, the rule that checks its answers."""

    source: Annotated[Source, Field(discriminator="kind")]
    format: Literal["questions", "belle"] = "questions"
    """Keys of a row: `question`, `reference`, `category`, or BELLE's `question`, `std_answer`, `class`."""
    judge_prompts: str | None = None
    """File of the source that holds the judge's prompts: `class` and `prompt` in each row."""
    license: str
    homepage: str
    rules: dict[str, Rule]
    """Category (NFKC, casefold) to scoring rule; a category without a rule counts as unscored."""

    @field_validator("rules")
    @classmethod
    def _normalised(cls, rules: dict[str, Rule]) -> dict[str, Rule]:
        for category in rules:
            if category != (right := normalise_category(category)):
                raise ValueError(f"write the category {category!r} as {right!r} (NFKC, casefold)")
        return rules

    @model_validator(mode="after")
    def _pinned(self) -> "EvalProfile":
        if self.source.kind == "hub" and self.source.revision is None:
            raise ValueError("source.revision: an evaluation set is always pinned: scores compare on equal questions")
        return self
