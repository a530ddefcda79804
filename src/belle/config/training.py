"""Optimizer settings that pre-training and fine-tuning share."""

from typing import Literal

from pydantic import Field

from belle.config.base import Section

SavePrecision = Literal["base", "fp32", "bf16", "fp16"]


class TrainingParams(Section):
    """Optimizer settings that every kind of training shares (AdamW, cosine decay)."""

    learning_rate: float = Field(gt=0, le=1)
    """Peak learning rate, reached after the warm-up; a cosine then lowers it to 0."""
    epochs: int = Field(ge=1)
    """Passes over the training data."""
    batch_size: int = Field(ge=1)
    """Packed sequences per optimizer step over all processes: the global batch size."""
    warmup_ratio: float = Field(ge=0, lt=1)
    """Fraction of the optimizer steps in which the learning rate rises from 0 to its peak."""
    weight_decay: float = Field(ge=0, le=1)
    """Decoupled weight decay of AdamW."""
