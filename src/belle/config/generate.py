"""Who answers the evaluation questions, and how: `evaluate.generate` in params.yaml."""

from typing import Literal

from pydantic import Field

from belle.config.base import ProfileName, Section


class GenerateParams(Section):
    """`evaluate.generate`: who answers, and how."""

    engine: Literal["local", "endpoint"]
    """What runs the unquantized checkpoint: transformers, or a server (`endpoint`)."""
    endpoint: ProfileName | None
    """Endpoint profile of that server, a file under configs/endpoint/; the engine `local` needs none."""
    decoding: ProfileName
    """Decoding profile, a file under configs/decoding/."""
    seed: int = Field(ge=0)
    """Seed of the noise that tokens are drawn with; greedy decoding has none."""
    max_new_tokens: int = Field(ge=1)
    """Maximum new tokens per answer; a longer one is cut, and its stop reason is `length`."""
    too_long: Literal["error", "skip"]
    """Stop at questions that the model has no room for, or `skip` them: their answer is empty. The room is the model's
    positions, `max_new_tokens` of them for the answer."""
    batch_size: int = Field(ge=1)
    """Questions decoded at once by Hugging Face and GPTQ models; changes speed and memory."""
