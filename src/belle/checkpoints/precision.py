"""In which precision weights are held and stored, and what that costs."""

from pathlib import Path

import torch

from belle.checkpoints.resolve import read_config, resolve_checkpoint
from belle.errors import UserError

DTYPES = {"fp32": torch.float32, "bf16": torch.bfloat16, "fp16": torch.float16}


def stored_dtype(checkpoint: Path) -> torch.dtype:
    """Return the precision that config.json of the base weights names; fp32 when it names none.

    Raises:
        UserError: it is none of fp32, bf16 and fp16.
    """
    files = resolve_checkpoint(checkpoint)
    config = read_config(files)
    name = config.get("dtype") or config.get("torch_dtype") or "float32"
    dtype = getattr(torch, str(name), None)
    if dtype not in DTYPES.values():
        raise UserError(f"{files.base}: config.json: dtype: {name} is none of float32, bfloat16, float16")
    return dtype


def save_dtype(save_precision: str, checkpoint: Path) -> torch.dtype:
    """Return the precision that a setting `save_precision` means for a model trained from `checkpoint`."""
    return stored_dtype(checkpoint) if save_precision == "base" else DTYPES[save_precision]


@torch.no_grad()
def update_lost(model: torch.nn.Module, before: torch.nn.Module, dtype: torch.dtype) -> float:
    """Return how much of a training is lost when `model` is stored in `dtype`.

    It is the norm of what rounding changes over the norm of what training changed, of all weights together: 0 when
    nothing is lost, 1 when as much is. Weights that `before` lacks do not count.

    Args:
        model: trained, in fp32.
        before: the model it was trained from, on any device and in any precision.
        dtype: to store in.
    """
    if dtype == torch.float32:
        return 0.0
    earlier, lost, changed = dict(before.named_parameters()), 0.0, 0.0
    for name, weight in model.named_parameters():
        exact = weight.float()
        if name in earlier and earlier[name].shape == weight.shape:
            lost += (exact.to(dtype).float() - exact).square().sum().item()
            changed += (exact - earlier[name].to(exact.device).float()).square().sum().item()
    return (lost / changed) ** 0.5 if changed else 0.0


def unfit_weight(model: torch.nn.Module, dtype: torch.dtype) -> str | None:
    """Return the name of a weight with a finite value that `dtype` cannot hold, None when all fit."""
    if dtype == torch.float32:
        return None
    most = torch.finfo(dtype).max
    for name, weight in model.named_parameters():
        if weight.is_floating_point() and (weight.isfinite() & (weight.abs() > most)).any():
            return name
    return None
