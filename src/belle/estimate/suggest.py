"""The smallest changes with which an experiment fits, of each kind one: each is tried, and passes `belle check`."""

from collections.abc import Iterator, Sequence
from typing import Any

from belle.config.base import CONFIGS, load_profile
from belle.config.check import find_problems
from belle.config.hardware import HardwareProfile
from belle.errors import UserError
from belle.estimate.estimate import Assumptions, Estimate, estimate

LORA, QLORA = ("train.method=lora",), ("train.method=lora", "train.lora.base_precision=nf4")


def suggestions(found: Estimate, overrides: Sequence[str], assumptions: Assumptions) -> list[str]:
    """Return changes with which every stage fits: micro-batch, checkpointing, other hardware, LoRA, QLoRA.

    Args:
        found: the experiment that does not fit.
        overrides: with which it was estimated.
        assumptions: with which it was estimated.
    """
    fitting = []
    for changes in _profile_changes(found):
        if not estimate(overrides, assumptions, changes).too_large():
            values = ", ".join(f"{key}: {str(value).lower()}" for key, value in changes.items())
            fitting.append(f"in {CONFIGS}/hardware/{found.hardware}.yaml: {values}")
            break
    for kind in ([(f"hardware={name}",) for name in _other_hardware(found)], [LORA, QLORA]):
        for change in kind:
            if _fits([*overrides, *change], assumptions):
                fitting.append(" ".join(f"-S {one}" for one in change))
                break
    return fitting


def _fits(overrides: list[str], assumptions: Assumptions) -> bool:
    try:
        return not find_problems(overrides) and not estimate(overrides, assumptions).too_large()
    except UserError:
        return False


def _profile_changes(found: Estimate) -> Iterator[dict[str, Any]]:
    """Yield changes of the present profile: smaller micro-batches, then gradient checkpointing too."""
    largest = max(stage.training.micro_batch for stage in found.stages.values())
    sizes = [size for size in range(largest - 1, 0, -1) if largest % size == 0]
    yield from ({"micro_batch_size": size} for size in sizes)
    if not found.profile.gradient_checkpointing:
        yield {"gradient_checkpointing": True}
        yield from ({"micro_batch_size": size, "gradient_checkpointing": True} for size in sizes)


def _other_hardware(found: Estimate) -> list[str]:
    """Return the other profiles for the same kind of device, those of fewest and smallest devices first."""
    names = [path.stem for path in (CONFIGS / "hardware").glob("*.yaml") if path.stem != found.hardware]
    profiles = {name: load_profile(HardwareProfile, "hardware", name) for name in names}

    def expense(name: str) -> tuple[float, ...]:
        profile = profiles[name]
        memory = profile.device_memory_gb or 0
        return profile.world_size * memory, profile.world_size, profile.zero_stage, profile.offload_optimizer

    same = [name for name in names if profiles[name].device == found.profile.device]
    return sorted(same, key=lambda name: (expense(name), name))
