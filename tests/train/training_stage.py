"""A stage for tests, run as a script: tunes models/base on tokens/; can be killed at a step or while it saves."""

import os
import signal
import sys
from functools import partial
from pathlib import Path

from belle.libraries.block_imports import block_imports

block_imports("gptqmodel", "torchao", "bitsandbytes")

from belle.config.hardware import HardwareProfile
from belle.config.train import TrainParams
from belle.stage import run, start_stage
from belle.train import checkpoint_callback
from belle.train.finetune import finetune
from belle.train.packed_trainer import PackedTrainer
from belle.train.processes import is_training_process
from belle.train.stage import run_training


def main() -> None:
    # a checkpoint at every logged step, however long it takes
    checkpoint_callback.MOST_OF_THE_TIME = 1e9
    if "KILL" in os.environ and os.environ.get("RANK", "0") == os.environ.get("KILL_RANK", "0"):
        kill(*os.environ["KILL"].split())
    params = TrainParams.model_validate_json(os.environ["PARAMS"])
    hardware = HardwareProfile.model_validate_json(os.environ["HARDWARE"])
    run_training(
        "train",
        partial(finetune, Path("models/base"), Path("tokens"), params, hardware, 5),
        __file__,
        hardware,
        {"params": params.model_dump(), "hardware": hardware.model_dump()},
        [Path("models/base"), Path("tokens")],
        Path("models/trained"),
        Path("logs/train"),
    )


def kill(what: str, step: str) -> None:
    """Have this process killed when it computes a step, or while it saves a checkpoint at it."""
    method = {"computing": "training_step", "saving": "_save_rng_state"}[what]
    original = getattr(PackedTrainer, method)

    def deadly(self: PackedTrainer, *args: object, **options: object) -> object:
        if self.state.global_step == int(step):
            os.kill(os.getpid(), signal.SIGKILL)
        return original(self, *args, **options)

    setattr(PackedTrainer, method, deadly)


if __name__ == "__main__":
    if not is_training_process():
        start_stage()
    run(main)
    sys.stdout.flush()
    os._exit(0)
