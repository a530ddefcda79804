"""Continued training on plain text: `pretrain` in params.yaml."""

from pydantic import Field

from belle.config.training import SavePrecision, TrainingParams


class PretrainParams(TrainingParams):
    """`pretrain` in params.yaml: continued training on plain text."""

    enabled: bool
    """Train on the texts; false makes models/pretrained a pointer to models/extended."""
    max_length: int = Field(ge=16, le=1 << 20)
    """Tokens of a packed sequence; a longer text is cut into segments of this length."""
    save_precision: SavePrecision
    """Precision of the saved weights; `base` is that of the model it started from."""
