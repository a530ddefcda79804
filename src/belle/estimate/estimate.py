"""Estimate an experiment: read its configuration, look at every training stage that runs, say whether it fits."""

import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from belle.config.base import PARAMS, load_profile, parse, read_yaml
from belle.config.check import find_problems
from belle.config.experiment import Experiment
from belle.config.hardware import HardwareProfile
from belle.config.messages import problems_of
from belle.config.model import ModelProfile
from belle.config.overrides import read_overridden
from belle.config.training import TrainingParams
from belle.errors import UserError
from belle.estimate.disk import disk
from belle.estimate.memory import Memory, Training, training_memory
from belle.estimate.model_size import ModelSize, model_size
from belle.estimate.stages import Trained, stages_in_use, training_of, what_is_trained
from belle.estimate.tokens import Tokens, conversation_tokens, text_tokens
from belle.estimate.work import Work, measured_training, operations_per_token, work_of

LOCK = Path("dvc.lock")
TOKENS_PER_ROW = 256
"""Assumed for conversations that are not here yet: BELLE's have 100 to 200 Chinese characters."""


@dataclass(frozen=True)
class Assumptions:
    """What cannot be read from the configuration.

    Attributes:
        tokens_per_row: of a conversation or text that is not here yet.
        tflops: 10^12 floating-point operations per second of one device; None takes what was measured.
        price_per_hour: of a node with all its devices.
    """

    tokens_per_row: int = TOKENS_PER_ROW
    tflops: float | None = None
    price_per_hour: float | None = None


@dataclass(frozen=True)
class StageEstimate:
    """One training stage.

    Attributes:
        trained: what it trains.
        training: what decides its memory.
        memory: on one device.
        tokens: what it reads in one epoch.
        work: steps, time and cost.
    """

    trained: Trained
    training: Training
    memory: Memory
    tokens: Tokens
    work: Work


@dataclass(frozen=True)
class Estimate:
    """An experiment.

    Attributes:
        model: name of the model profile.
        size: of the model.
        hardware: name of the hardware profile.
        profile: the hardware profile.
        available: bytes of memory of one device.
        stages: training stages in use, by name.
        disk: bytes by directory.
        rate: operations per second of one device, None when unknown.
    """

    model: str
    size: ModelSize
    hardware: str
    profile: HardwareProfile
    available: float
    stages: dict[str, StageEstimate]
    disk: dict[str, float]
    rate: float | None

    def too_large(self) -> list[str]:
        """Return the stages that do not fit on a device."""
        return [name for name, stage in self.stages.items() if stage.memory.total > self.available]


def estimate(
    overrides: Sequence[str] = (), assumptions: Assumptions | None = None, changes: dict[str, Any] | None = None
) -> Estimate:
    """Estimate the experiment of params.yaml.

    Args:
        overrides: changes of params.yaml, as in `train.method=lora`.
        assumptions: what cannot be read from the configuration.
        changes: of the hardware profile, by key.

    Raises:
        UserError: the configuration is wrong; one line per problem.
    """
    assumptions = assumptions or Assumptions()
    experiment = _experiment(overrides)
    model = load_profile(ModelProfile, "model", experiment.model.profile)
    hardware = load_profile(HardwareProfile, "hardware", experiment.hardware).model_copy(update=changes or {})
    size = model_size(_extended(model, experiment))
    rate = _rate(hardware) if assumptions.tflops is None else assumptions.tflops * 1e12
    used = stages_in_use(experiment)
    stages = {name: _stage(name, used[name], experiment, size, hardware, rate, assumptions) for name in used}
    trained = {name: stage.trained.weights for name, stage in stages.items()}
    return Estimate(
        model=experiment.model.profile,
        size=size,
        hardware=experiment.hardware,
        profile=hardware,
        available=device_memory(hardware),
        stages=stages,
        disk=disk(experiment, model, size, hardware, used, trained),
        rate=rate,
    )


def device_memory(hardware: HardwareProfile) -> float:
    """Return the bytes of memory of one device: the profile's, or this machine's share of a process.

    Raises:
        UserError: the profile names none, and this machine has no such device.
    """
    if hardware.device_memory_gb is not None:
        return hardware.device_memory_gb * 1e9
    if hardware.device == "cpu":
        return os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE") / hardware.num_processes
    import torch

    if not torch.cuda.is_available():
        raise UserError(
            f"{PARAMS}: hardware: this profile names no device_memory_gb, and this machine has no GPU; write the "
            "memory of the GPUs that are meant into the profile, in 10^9 bytes"
        )
    return torch.cuda.get_device_properties(0).total_memory


def _experiment(overrides: Sequence[str]) -> Experiment:
    if problems := find_problems(overrides):
        raise UserError("\n".join(problems))
    return parse(Experiment, read_overridden(overrides), PARAMS)


def _extended(model: ModelProfile, experiment: Experiment) -> ModelProfile:
    """Return the profile with the vocabulary that training sees, padded to a multiple of 64.

    It is that or a little less: new tokens take rows first that have no token yet, of which Qwen has some.
    """
    extension = experiment.extend_vocab
    if not extension.enabled:
        return model
    rows = model.vocab_size + extension.new_tokens
    return model.model_copy(update={"vocab_size": -(-rows // 64) * 64})


def _stage(
    name: str,
    params: TrainingParams,
    experiment: Experiment,
    size: ModelSize,
    hardware: HardwareProfile,
    rate: float | None,
    assumptions: Assumptions,
) -> StageEstimate:
    section, read = (
        (experiment.pretrain, text_tokens) if name == "pretrain" else (experiment.tokenize, conversation_tokens)
    )
    tokens = read(experiment, assumptions.tokens_per_row)
    trained = what_is_trained(size, params, hardware)
    training = training_of(size, params, hardware, section.max_length, tokens)
    work = work_of(size, params, hardware, trained, tokens, rate, assumptions.price_per_hour)
    return StageEstimate(trained, training, training_memory(training), tokens, work)


def _rate(hardware: HardwareProfile) -> float | None:
    """Return the measured rate of the last training here: that of dvc.lock, whatever params.yaml says now."""
    found = measured_training(hardware.device)
    if found is None or not LOCK.exists():
        return None
    # the stage `check` depends on the whole of params.yaml
    locked = read_yaml(LOCK).get("stages", {}).get("check", {}).get("params", {}).get(PARAMS.name)
    if problems_of(Experiment, locked, LOCK):
        return None
    experiment = Experiment.model_validate(locked)
    stages = stages_in_use(experiment)
    used = load_profile(HardwareProfile, "hardware", experiment.hardware)
    if "train" not in stages or used.device != hardware.device:
        return None
    size = model_size(load_profile(ModelProfile, "model", experiment.model.profile))
    trained = what_is_trained(size, stages["train"], used)
    operations = found["tokens"] * operations_per_token(size, trained, used.gradient_checkpointing)
    return operations / found["seconds"] / used.world_size
