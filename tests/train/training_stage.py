"""A stage for tests, run as a script: tunes models/base on tokens/; can be killed at a step or while it saves."""

import os
import resource
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
    """Have this process killed when it computes a step or saves the checkpoint after it, or the disk be full then."""
    method = {"computing": "training_step", "saving": "_save_rng_state", "full": "_save_optimizer_and_scheduler"}[what]
    original = getattr(PackedTrainer, method)

    def deadly(self: PackedTrainer, *args: object, **options: object) -> object:
        if self.state.global_step == int(step) and what == "full":
            # no file can grow beyond 1000 bytes
            resource.setrlimit(resource.RLIMIT_FSIZE, (1000, resource.RLIM_INFINITY))
        elif self.state.global_step == int(step):
            os.kill(os.getpid(), signal.SIGKILL)
        return original(self, *args, **options)

    setattr(PackedTrainer, method, deadly)


if __name__ == "__main__":
    if not is_training_process():
        start_stage()
    run(main)
    sys.stdout.flush()
    os._exit(0)
