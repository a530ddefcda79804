"""What the stages pretrain and train share: checkpoints to go on from, processes, outputs that appear when complete."""

from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

from belle.config.hardware import HardwareProfile
from belle.environment import environment
from belle.files import fresh_directory, partial_of
from belle.speed import measure
from belle.train.checkpoints import checkpoint_folder, seconds_trained, training_checkpoints
from belle.train.processes import (
    Train,
    is_other_node,
    is_training_process,
    run_training_process,
    start_processes,
    train_in_processes,
)


def run_training(
    stage: str,
    train: Train,
    script: str,
    hardware: HardwareProfile,
    settings: dict[str, Any],
    inputs: Iterable[Path],
    target: Path,
    logs: Path,
    prepare: Callable[[Path], None] = lambda checkpoints: None,
) -> None:
    """Train and write the outputs of a stage; go on where a killed run of the same experiment has ended.

    Args:
        stage: `pretrain` or `train`.
        train: trains into its model, log and checkpoint directory, in every process.
        script: the stage script, which other processes run too.
        hardware: how many processes, on what.
        settings: every parameter that the result depends on, those of the hardware profile too, as JSON values.
        inputs: files and directories that are read.
        target: the directory of the model.
        logs: that of the logs.
        prepare: what one process does before the others start, given the checkpoint directory.
    """
    if is_training_process():
        return run_training_process(train)
    if is_other_node(hardware):
        folder = checkpoint_folder(stage, settings, inputs)
        folder.mkdir(parents=True, exist_ok=True)
        return start_processes(hardware, script, partial_of(target), partial_of(logs), folder)
    with training_checkpoints(stage, settings, inputs) as checkpoints, measure(stage, logs) as speed:
        speed.environment = environment()
        prepare(checkpoints)
        speed.seconds_before = seconds_trained(checkpoints)
        with fresh_directory(logs) as log_folder, fresh_directory(target) as out:
            work = train_in_processes(train, hardware, script, out, log_folder, checkpoints)
        speed.measured_elsewhere = work.pop("measured", {})
        speed.count_all(work)
    return None
