"""How the next token is chosen: configs/decoding/*.yaml."""

from pydantic import Field

from belle.config.base import Section


class DecodingProfile(Section):
    """One file of configs/decoding/."""

    temperature: float = Field(ge=0)
    """Logits are divided by it before a token is drawn; 0 draws none and takes the most probable one."""
    top_k: int | None = Field(ge=1)
    """Draw among so many of the most probable tokens; null sets no limit."""
    top_p: float | None = Field(gt=0, le=1)
    """Draw among the most probable tokens that together have this probability; null sets no limit."""
    repetition_penalty: float = Field(gt=0)
    """Logits of tokens that prompt and answer hold already are divided by it, negative ones multiplied; 1 is none."""

    @property
    def is_greedy(self) -> bool:
        """Whether the model's most probable token is taken as it is."""
        return self.temperature == 0 and self.repetition_penalty == 1
