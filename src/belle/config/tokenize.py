"""How conversations become token ids: `tokenize` in params.yaml."""

from pydantic import Field

from belle.config.model import TemplateName
from belle.config.section import Section


class TokenizeParams(Section):
    """`tokenize` in params.yaml."""

    template: TemplateName
    """Chat template stored with the trained model; `model` keeps the one of the link trained from."""
    max_length: int = Field(ge=16, le=1 << 20)
    """Tokens of a packed row; a longer conversation is dropped with a reason, never cut."""
    eval_rows: int = Field(ge=1)
    """Conversations held out for the evaluation loss, chosen by a hash of their id."""
    max_dropped: float = Field(ge=0, le=1)
    """Share of conversations that may be dropped here before the stage fails."""
