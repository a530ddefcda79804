"""How conversations become token ids: `tokenize` in params.yaml."""

from pydantic import Field

from belle.config.base import Section
from belle.config.model import TemplateName


class TokenizeParams(Section):
    """`tokenize` in params.yaml."""

    template: TemplateName
    """Chat template of training and of the trained model; `model` is its tokenizer's own."""
    max_length: int = Field(ge=16, le=1 << 20)
    """Tokens of a packed sequence; a longer conversation is dropped, never cut."""
    eval_conversations: int = Field(ge=1)
    """Conversations held out for the evaluation loss, chosen by a hash of their ids."""
    max_dropped: float = Field(ge=0, le=1)
    """Fraction of the conversations that may be dropped before the stage fails."""
