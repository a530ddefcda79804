"""Which conversations a language model is asked to write: `generate_data` in params.yaml."""

from pydantic import Field

from belle.config.base import ProfileName, Section
from belle.config.budget import BudgetParams


class SamplingParams(Section):
    """`generate_data.sampling`: how the model writes."""

    temperature: float | None = Field(ge=0, le=2)
    """Temperature; null leaves it to the server, as some reasoning models demand."""
    top_p: float | None = Field(gt=0, le=1)
    """Probability mass that tokens are drawn from; null leaves it to the server."""
    max_tokens: int = Field(ge=1)
    """Maximum tokens per reply; what a longer one was cut off in is dropped."""


class SelfInstructParams(Section):
    """What the conversations depend on."""

    seed_tasks: str | None
    """File of seed tasks below inputs/; null takes the project's own. docs/self-instruct.md says how it is written."""
    requests: int = Field(ge=0)
    """Requests for new tasks, each with other seed tasks as demonstrations."""
    demonstrations: int = Field(ge=1)
    """Seed tasks shown in a request."""
    tasks_per_request: int = Field(ge=1)
    """New tasks that a request asks for."""
    max_similarity: float = Field(gt=0, le=1)
    """ROUGE-L F1 over characters from which an instruction repeats an earlier one. It is then dropped; the seed tasks
    count as earlier ones."""
    dialogues: int = Field(ge=0)
    """Dialogues of several turns. They begin with the questions of kept tasks, then with those of seed tasks."""
    dialogue_turns: int = Field(ge=2, le=20)
    """Questions of the user in a dialogue, the given first one included."""
    sampling: SamplingParams


class GenerateDataParams(SelfInstructParams):
    """`generate_data` in params.yaml: self-instruct (docs/self-instruct.md)."""

    enabled: bool
    """Have a language model write conversations; false leaves data/generated empty."""
    endpoint: ProfileName
    """Endpoint profile, a file under configs/endpoint/."""
    budget: BudgetParams
