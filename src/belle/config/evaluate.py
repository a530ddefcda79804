"""How answers are generated and scored: `evaluate` in params.yaml and configs/eval/*.yaml."""

from typing import Annotated, Literal

from pydantic import Field, model_validator

from belle.config.section import Section
from belle.config.source import Source

Rule = Literal["exact", "numeric", "set", "rouge_l", "chrf"]


class GenerateParams(Section):
    """`evaluate.generate`: greedy decoding."""

    max_new_tokens: int = Field(ge=1)
    batch_size: int = Field(ge=1)
    """Questions decoded at once (Hugging Face and GPTQ models)."""


class EvaluateParams(Section):
    """`evaluate` in params.yaml."""

    set: str = Field(pattern=r"^[\w.\-]+$")
    """A file under configs/eval/, without `.yaml`."""
    limit: int | None = Field(gt=0)
    """Ask so many questions, spread evenly over the set; null asks all."""
    scorer: Literal["rules"]
    generate: GenerateParams


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

    @model_validator(mode="after")
    def _pinned(self) -> "EvalProfile":
        if self.source.kind == "hub" and self.source.revision is None:
            raise ValueError("source.revision: an evaluation set is always pinned: scores compare on equal questions")
        return self
