"""DeepSpeed for the hardware profiles that name a ZeRO stage (Rajbhandari et al. 2020, arXiv 1910.02054)."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from transformers import Trainer

from belle.config.hardware import HardwareProfile

TORCH_NAMES = {"bf16": "bfloat16", "fp16": "float16"}


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
        config["torch_autocast"] = {"enabled": True, "dtype": TORCH_NAMES[hardware.precision]}
    return config


@contextmanager
def full_weights(trainer: Trainer) -> Iterator[bool]:
    """Have the first process hold the whole trained model while the block runs; yield whether this is the first.

    ZeRO's stage 3 has cut every weight into parts, one per process.
    """
    first = trainer.is_world_process_zero()
    if not (trainer.is_deepspeed_enabled and trainer.accelerator.state.deepspeed_plugin.zero_stage == 3):
        yield first
        return
    import deepspeed

    with deepspeed.zero.GatheredParameters(list(trainer.model.parameters())):
        yield first
