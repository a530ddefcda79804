"""Load a model whose own weights are trained: in fp32, with little main memory however many processes a node has."""

import os
from pathlib import Path

import torch
from transformers import PreTrainedModel

from belle.checkpoints.models import load_base, load_model
from belle.checkpoints.resolve import architecture, resolve_checkpoint
from belle.config.hardware import HardwareProfile
from belle.train.deepspeed import partitioned_weights
from belle.train.trainer import attention_for


def load_trainable(checkpoint: Path, hardware: HardwareProfile) -> PreTrainedModel:
    """Load a checkpoint in fp32 for training; every process does so at the same time.

    At ZeRO's stage 3 each process keeps its part of every weight; at the other stages weights go to its GPU one by one.
    So no whole model is in main memory, but for earlier adapters at stage 3: they are merged before it is cut.

    Args:
        checkpoint: the model to start from.
        hardware: the profile.

    Raises:
        UserError: a model that cannot be loaded.
    """
    files = resolve_checkpoint(checkpoint)
    attention = attention_for(architecture(files))
    if hardware.zero_stage == 3 and not files.adapters:
        with partitioned_weights(hardware):
            return load_base(files.base, attention)
    on_gpu = hardware.device == "cuda" and hardware.zero_stage < 3
    return load_model(checkpoint, attention, device=_own_gpu() if on_gpu else None)


def _own_gpu() -> torch.device:
    """Return the GPU of this process, as the Trainer numbers them."""
    return torch.device("cuda", int(os.environ.get("LOCAL_RANK", 0)))
