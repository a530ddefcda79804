"""Continued training on plain text: `pretrain` in params.yaml."""

from typing import Annotated, Literal

from pydantic import Field

from belle.config.training import SavePrecision, TrainingParams

Trainable = Literal["all", "embeddings", "embeddings+lm_head"]
Weight = Annotated[float, Field(ge=0)]


class PretrainParams(TrainingParams):
    """`pretrain` in params.yaml: continued training on plain text."""

    enabled: bool
    """Train on the texts; false makes models/pretrained a pointer to models/extended."""
    trainable: Trainable
    """Weights that are trained; `embeddings` is BELLE's choice after an extension. The others stay as they are. In a
    model with tied embeddings lm_head is the same matrix and is trained with them."""
    max_length: int = Field(ge=16, le=1 << 20)
    """Tokens of a packed sequence; a longer text is cut into segments of this length."""
    save_precision: SavePrecision
    """Precision of the saved weights; `base` is that of the model it started from."""
    mixture: list[Weight] | None
    """Weights of data.texts.sources in their order; null uses every text. They are shares of the characters trained on.
    As many texts are taken as the proportion allows without taking one twice, chosen by a hash of their content."""
