"""How an experiment is laid out on hardware: `hardware` in params.yaml, configs/hardware/*.yaml."""

from typing import Any, Literal

from pydantic import Field

from belle.config.base import Section

LOGITS_AT_ONCE = 1 << 24
"""Logits in memory at a time: 64 MB in fp32. More are computed in chunks; a batch of the mini model is one chunk."""


CANNOT_CHANGE_A_MODEL = frozenset({"device_memory_gb", "checkpoint_minutes"})
"""Keys of a hardware profile that a training does not depend on; dvc.yaml names all the others."""


class HardwareProfile(Section):
    """One file of configs/hardware/: how an experiment is computed, never what is trained."""

    device: Literal["cpu", "cuda"]
    """Where training runs."""
    device_memory_gb: float | None = Field(gt=0)
    """Memory per GPU in 10^9 bytes, for `belle estimate`; null takes that of this machine."""
    num_nodes: int = Field(ge=1)
    """Machines that train together, each started by hand or by a scheduler (docs/training.md)."""
    num_processes: int = Field(ge=1)
    """Training processes per node, one per GPU."""
    micro_batch_size: int = Field(ge=1)
    """Packed sequences per forward pass and process, at most; gradient accumulation fills the batch."""
    precision: Literal["fp32", "bf16", "fp16"]
    """Precision of forward and backward pass (autocast), and of weights that are not trained."""
    gradient_checkpointing: bool
    """Recompute activations in the backward pass: less memory, about a third more time."""
    fused_kernels: bool
    """Liger's fused CUDA kernels for norms, rotary embeddings, MLP and loss; nothing on a CPU."""
    torch_compile: bool
    """Compile the model with torch.compile: minutes at the start, faster steps."""
    zero_stage: Literal[0, 1, 2, 3]
    """DeepSpeed ZeRO stage; 0 trains without DeepSpeed."""
    offload_optimizer: bool
    """DeepSpeed keeps optimizer states (and, at stage 3, weights) in main memory."""
    checkpoint_minutes: float = Field(ge=0)
    """Minutes from one checkpoint, which a killed training goes on from, to the next."""

    @property
    def world_size(self) -> int:
        """All training processes, over all nodes."""
        return self.num_nodes * self.num_processes

    @property
    def settings(self) -> dict[str, Any]:
        """What a trained model depends on, as JSON values."""
        return self.model_dump(exclude=set(CANNOT_CHANGE_A_MODEL))
