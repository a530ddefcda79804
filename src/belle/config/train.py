"""Instruction tuning: `train` in params.yaml."""

from typing import Literal

from pydantic import Field

from belle.config.base import Section
from belle.config.training import SavePrecision, TrainingParams

PROMOTED_NAME = r"\w[\w.\-]*"
"""Pattern of a promoted model's name: no path, and no option of a command."""


class FullFinetuneParams(TrainingParams):
    """`train.ft`: every weight is trained."""

    save_precision: SavePrecision
    """Precision of the saved weights; `base` is that of the model it started from."""


class LoraParams(TrainingParams):
    """`train.lora`: low-rank adapters (Hu et al. 2021, arXiv 2106.09685) on frozen weights."""

    rank: int = Field(ge=1)
    """Rank of the adapters (LoRA's r): more rank, more trained weights."""
    alpha: int = Field(ge=1)
    """Scale of the update: it is multiplied by alpha / rank."""
    dropout: float = Field(ge=0, lt=1)
    """Dropout probability on the input of the adapters."""
    use_rslora: bool
    """rsLoRA: multiply the update by alpha / sqrt(rank) instead, for high ranks."""
    use_dora: bool
    """DoRA: train a magnitude per row beside the low-rank direction; slower."""
    base_precision: Literal["hardware", "nf4"]
    """Frozen weights in the hardware profile's precision, or in 4 bits (`nf4`: QLoRA)."""
    target_modules: list[str] | Literal["all-linear"]
    """Linear layers that get an adapter, by name, or `all-linear`."""
    modules_to_save: list[str] | None
    """Other layers to train in full and save with the adapter, as in `[lm_head]`; null: none."""


class TrainParams(Section):
    """`train` in params.yaml."""

    init_from: str = Field(pattern=rf"^(base|decrypted|extended|pretrained|promoted/{PROMOTED_NAME})$")
    """Checkpoint that is fine-tuned: base, decrypted, extended, pretrained or promoted/NAME."""
    method: Literal["ft", "lora"]
    """`ft` trains every weight, `lora` low-rank adapters."""
    ft: FullFinetuneParams
    lora: LoraParams
