"""How an experiment is laid out on hardware: `hardware` in params.yaml, configs/hardware/*.yaml."""

from typing import Literal

from pydantic import Field

from belle.config.base import Section


class HardwareProfile(Section):
    """One file of configs/hardware/: how an experiment is computed, never what is trained."""

    device: Literal["cpu", "cuda"]
    """Where training runs."""
    num_processes: int = Field(ge=1)
    """Training processes on one node, one per GPU."""
    micro_batch_size: int = Field(ge=1)
    """Packed sequences per forward pass and process; gradient accumulation fills the batch."""
    precision: Literal["fp32", "bf16", "fp16"]
    """Precision of forward and backward pass (autocast); weights are kept in fp32."""
    gradient_checkpointing: bool
    """Recompute activations in the backward pass: less memory, about a third more time."""
    zero_stage: Literal[0, 1, 2, 3]
    """DeepSpeed ZeRO stage; 0 trains without DeepSpeed."""
    offload_optimizer: bool
    """DeepSpeed keeps optimizer states (and, at stage 3, weights) in main memory."""
