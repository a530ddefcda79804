"""DeepSpeed for the hardware profiles that name a ZeRO stage (Rajbhandari et al. 2020, arXiv 1910.02054)."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import torch
from transformers import Trainer
from transformers.integrations.deepspeed import HfDeepSpeedConfig, unset_hf_deepspeed_config

from belle.config.hardware import HardwareProfile
from belle.libraries.deepspeed_setup import set_up_deepspeed


def deepspeed_config(hardware: HardwareProfile) -> dict[str, Any]:
    """Return DeepSpeed's configuration; `auto` is what the Trainer knows.

    It names no optimizer and no scheduler, which would win over those of params.yaml without a word. Half precision is
    torch's autocast over fp32 weights, as without DeepSpeed, so that hardware does not change what is stored.
    """
    zero: dict[str, Any] = {"stage": hardware.zero_stage}
    if hardware.offload_optimizer:
        zero["offload_optimizer"] = {"device": "cpu", "pin_memory": hardware.device == "cuda"}
        if hardware.zero_stage == 3:
            zero["offload_param"] = zero["offload_optimizer"]
    config = {
        "train_micro_batch_size_per_gpu": "auto",
        "gradient_accumulation_steps": "auto",
        "gradient_clipping": "auto",
        "zero_optimization": zero,
        # torch's AdamW, which the Trainer makes
        "zero_allow_untested_optimizer": True,
    }
    if hardware.precision != "fp32":
        config["torch_autocast"] = {"enabled": True, "dtype": hardware.precision}
    return config


@contextmanager
def partitioned_weights(hardware: HardwareProfile, dtype: torch.dtype = torch.float32) -> Iterator[None]:
    """Have transformers cut every weight that it loads into one part per process, as ZeRO's stage 3 trains them.

    The first process reads the files, which are mapped, and sends the parts: no process ever holds the whole model.

    Args:
        hardware: a profile of stage 3.
        dtype: fp32 or bf16, to hold the weights in.
    """
    set_up_deepspeed()
    settings = {
        "zero_optimization": deepspeed_config(hardware)["zero_optimization"],
        "bf16": {"enabled": dtype == torch.bfloat16},
        # required, and of no matter while weights are loaded
        "train_micro_batch_size_per_gpu": 1,
    }
    # transformers keeps a weak reference to it
    config = HfDeepSpeedConfig(settings)
    try:
        yield
    finally:
        unset_hf_deepspeed_config()
        del config


def gather_weights(trainer: Trainer) -> bool:
    """Have the first process hold the whole trained model; return whether this is the first. Nothing is trained after.

    ZeRO's stage 3 has cut every weight into parts, one per process. They are gathered one weight at a time, into main
    memory: the whole model may be larger than a GPU.
    """
    first = trainer.is_world_process_zero()
    if trainer.is_deepspeed_enabled and trainer.accelerator.state.deepspeed_plugin.zero_stage == 3:
        import deepspeed

        for weight in trainer.model.parameters():
            with deepspeed.zero.GatheredParameters([weight]):
                whole = weight.data.to("cpu", copy=True) if first else None
            if whole is not None:
                weight.data = whole
    return first
