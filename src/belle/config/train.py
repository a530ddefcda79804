"""How weights are changed: `extend_vocab`, `pretrain`, `train`, configs/train/*.yaml."""

from typing import Annotated, Literal

from pydantic import Field, model_validator

from belle.config.chain import LINKS
from belle.config.section import Section


def comes_after(link: str, subject: str) -> bool:
    """Whether a link of the chain lies behind the one that is evaluated, and so has nothing to do."""
    return LINKS.index(link) > LINKS.index(subject)


class ExtendVocabParams(Section):
    """`extend_vocab` in params.yaml; a gate that cannot be switched on yet."""

    enabled: bool

    @model_validator(mode="after")
    def _not_yet(self) -> "ExtendVocabParams":
        if self.enabled:
            raise ValueError("vocabulary extension is not built yet; set extend_vocab.enabled to false")
        return self


class Schedule(Section):
    """Optimiser settings that every kind of training shares (AdamW, cosine decay)."""

    learning_rate: float = Field(gt=0, le=1)
    epochs: int = Field(ge=1)
    batch_size: int = Field(ge=1)
    """Packed rows an optimiser step, over all processes: the same experiment on any hardware."""
    warmup_ratio: float = Field(ge=0, lt=1)
    weight_decay: float = Field(ge=0, le=1)


class PretrainParams(Schedule):
    """`pretrain` in params.yaml: continued training on plain text."""

    enabled: bool
    max_length: int = Field(ge=16, le=1 << 20)
    """Tokens of a packed row; longer texts are continued in the next row."""


class FullTuning(Schedule):
    """`train.ft`: every weight is trained."""


class LoraTuning(Schedule):
    """`train.lora`: low-rank adapters (Hu et al. 2021, arXiv 2106.09685) on frozen weights."""

    rank: int = Field(ge=1)
    alpha: int = Field(ge=1)
    """Scaling of the update is alpha / rank."""
    dropout: float = Field(ge=0, lt=1)
    targets: list[str] | Literal["all-linear"]
    """Names of the linear layers that get an adapter, or `all-linear`."""


class TrainParams(Section):
    """`train` in params.yaml."""

    from_: Annotated[str, Field(alias="from", pattern=r"^(base|decrypted|extended|pretrained|promoted/[\w.\-]+)$")]
    """Link of the model chain that is trained, or `promoted/NAME`."""
    method: Literal["ft", "lora"]
    profile: str = Field(pattern=r"^[\w.\-]+$")
    """Hardware set-up: a file under configs/train/, without `.yaml`."""
    ft: FullTuning
    lora: LoraTuning


class HardwareProfile(Section):
    """One file of configs/train/: how an experiment is laid out on hardware; never what is trained."""

    device: Literal["cpu", "cuda"]
    processes: int = Field(ge=1)
    """Processes on one node, one a GPU."""
    rows_per_step: int = Field(ge=1)
    """Packed rows a process computes at once; gradient accumulation makes up the batch size."""
    precision: Literal["fp32", "bf16", "fp16"]
    gradient_checkpointing: bool
    zero_stage: Literal[0, 1, 2, 3]
    """DeepSpeed ZeRO stage; 0 trains without DeepSpeed."""
    offload: bool
    """DeepSpeed keeps optimiser states (and, at stage 3, weights) in main memory."""
