"""Who grades the answers, and how: `evaluate.judge` in params.yaml."""

from typing import Literal

from pydantic import Field

from belle.config.base import ProfileName, Section
from belle.config.budget import BudgetParams

BUDGET = "evaluate.judge.budget"
"""Where params.yaml has what a judge may cost."""


class JudgmentParams(Section):
    """What the judgments depend on, beside the judges."""

    repeats: int = Field(ge=1, le=100)
    """Judgments of each answer by each judge; its score is their mean."""
    temperature: float | None = Field(ge=0, le=2)
    """Temperature; null leaves it to the server, as some reasoning models demand. BELLE's is 0."""
    max_tokens: int = Field(ge=1)
    """Maximum tokens per reply; one that was cut off is asked for again with twice as many. BELLE's are 3000."""
    output: Literal["text", "json"]
    """`text` is BELLE's line `得分:`; `json` an object with reason and score. With `json` the server is told a schema,
    where its profile says how."""
    ask_again: bool
    """Ask once more, with a sharper request, where a reply has no score."""
    anchors: int = Field(ge=0)
    """Fixed answers that are judged beside the others, to see whether a judge changes with time."""
    anchor_round: int = Field(ge=0)
    """Raise it to have the anchors judged again and compared with round 0."""


class JudgeParams(JudgmentParams):
    """`evaluate.judge` in params.yaml (docs/judge.md)."""

    endpoint: ProfileName
    """Endpoint profile of the judge, a file under configs/endpoint/."""
    second_endpoint: ProfileName | None
    """Endpoint profile of a second judge; null asks one alone."""
    budget: BudgetParams
    """What the requests of one judge for one variant may cost."""
