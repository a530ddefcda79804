"""How answers are generated and which scorer is asked: `evaluate` in params.yaml."""

from typing import Literal

from pydantic import Field

from belle.config.section import Section


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
