"""The checkpoints of the model chain: `checkpoint` in params.yaml names the one that is quantized and evaluated."""

from typing import Literal, get_args

Checkpoint = Literal["base", "decrypted", "extended", "pretrained", "trained"]
CHECKPOINTS: tuple[str, ...] = get_args(Checkpoint)
"""The model chain, in order: each checkpoint is a directory under models/."""


def comes_after(checkpoint: str, evaluated: str) -> bool:
    """Return whether `checkpoint` lies behind the evaluated one in the chain, so that its stage has nothing to do."""
    return CHECKPOINTS.index(checkpoint) > CHECKPOINTS.index(evaluated)
