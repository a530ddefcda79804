"""What DeepSpeed prints and compiles unasked."""

import logging
import warnings

SHARED_MEMORY_OPERATOR = "deepspeed_shm_comm"
"""A C++ all-reduce for inference on processors, which training never calls; compiling it takes a minute."""


def set_up_deepspeed() -> None:
    """Have DeepSpeed compile no operator that training does not need, and print errors alone."""
    import deepspeed
    from deepspeed.ops import __compatible_ops__

    __compatible_ops__[SHARED_MEMORY_OPERATOR] = False
    deepspeed.logger.setLevel(logging.ERROR)
    # torch 2.13 renamed what DeepSpeed 0.19 calls
    warnings.filterwarnings("ignore", message="`torch.distributed", category=FutureWarning)
