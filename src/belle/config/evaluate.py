"""How answers are generated and scored: `evaluate` in params.yaml."""

from typing import Literal

from pydantic import Field

from belle.config.base import ProfileName, Section
from belle.config.generate import GenerateParams
from belle.config.judge import JudgeParams

ScorerChoice = Literal["metrics", "judge", "both"]


class EvaluateParams(Section):
    """`evaluate` in params.yaml."""

    set: ProfileName
    """Evaluation profile, a file under configs/eval/."""
    limit: int | None = Field(gt=0)
    """Questions asked, spread evenly over the set; null asks all."""
    scorer: ScorerChoice
    """What scores the answers: the `metrics` of the set, a language model as `judge`, or both."""
    generate: GenerateParams
    judge: JudgeParams
    execute_code: bool
    """Run answers that `code_execution` scores, in a sandbox; false leaves them unscored."""
