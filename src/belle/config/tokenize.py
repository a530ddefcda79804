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
    eval_fraction: float = Field(gt=0, lt=1)
    """Fraction of the questions that are held out for the evaluation loss. A hash of the question decides: the same
    ones are held out whatever else is in the data."""
    train_conversations: int | None = Field(gt=0)
    """Number of conversations trained on; null takes all. They are spread over sources, languages and categories, and a
    smaller number takes a part of what a larger one takes."""
    max_dropped: float = Field(ge=0, le=1)
    """Fraction of the conversations that may be dropped before the stage fails."""
