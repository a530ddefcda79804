"""How long training takes: steps, floating-point operations, seconds, cost."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from belle.config.hardware import HardwareProfile
from belle.config.training import TrainingParams
from belle.estimate.model_size import ModelSize
from belle.estimate.stages import Trained
from belle.estimate.tokens import Tokens
from belle.files import read_json_object

SPEED = Path("metrics/details/speed.json")


@dataclass(frozen=True)
class Work:
    """What a training stage does; None where it is unknown.

    Attributes:
        steps: optimizer steps, over all epochs.
        tokens: tokens trained on, over all epochs.
        seconds: that it takes.
        cost: in the currency of the price.
    """

    steps: int | None
    tokens: int | None
    seconds: float | None
    cost: float | None


def work_of(
    size: ModelSize,
    params: TrainingParams,
    hardware: HardwareProfile,
    trained: Trained,
    tokens: Tokens,
    rate: float | None,
    price_per_hour: float | None,
) -> Work:
    """Return steps, tokens, time and cost of a stage.

    Args:
        size: the model.
        params: settings of the stage.
        hardware: the profile.
        trained: what is trained.
        tokens: what one epoch reads.
        rate: floating-point operations per second of one device; None when unknown.
        price_per_hour: of one node with all its devices.
    """
    if tokens.sequences is None or tokens.tokens is None:
        return Work(None, None, None, None)
    steps, total = -(-tokens.sequences // params.batch_size) * params.epochs, tokens.tokens * params.epochs
    operations = total * operations_per_token(size, trained, hardware.gradient_checkpointing)
    seconds = None if rate is None else operations / (rate * hardware.world_size)
    cost = None
    if seconds is not None and price_per_hour is not None:
        cost = seconds / 3600 * hardware.num_nodes * price_per_hour
    return Work(steps, total, seconds, cost)


def operations_per_token(size: ModelSize, trained: Trained, checkpointing: bool) -> float:
    """Return the floating-point operations per token of a training step (Kaplan et al. 2020, arXiv 2001.08361).

    Two per weight in the forward pass, two for the gradient of its input, two for its own gradient; the forward pass
    again with gradient checkpointing. Attention's own products, a few percent up to 2,048 tokens, are left out.
    """
    weights = size.linear_weights + size.embeddings
    forward_and_back = (6 if checkpointing else 4) * weights
    return forward_and_back + 2 * min(trained.weights, weights)


def measured_training(device: str) -> dict[str, Any] | None:
    """Return `tokens` and `seconds` of the last training here; None when none was measured on such a device.

    Args:
        device: kind of the device asked about, `cpu` or `cuda`.
    """
    if not SPEED.exists():
        return None
    found = read_json_object(SPEED, "remove it").get("train", {})
    is_known = found.get("seconds") and found.get("tokens") and (found.get("device") == "cpu") == (device == "cpu")
    return found if is_known else None
