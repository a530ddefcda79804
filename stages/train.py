"""The checkpoint named by train.init_from and data/tokens in, models/trained out; a pointer when skipped."""

import sys
from functools import partial
from pathlib import Path

sys.path[0] = str(Path(__file__).resolve().parent.parent / "src")

from belle.stage import run_stage, start_stage

start_stage()

from belle.checkpoints.resolve import resolve_checkpoint
from belle.config.base import load_params, load_profile, read_value
from belle.config.checkpoints import comes_after
from belle.config.hardware import HardwareProfile
from belle.config.train import TrainParams
from belle.train.processes import set_up_training
from belle.train.skipped import write_skipped

TARGET, LOGS, TOKENS = Path("models/trained"), Path("logs/train"), Path("data/tokens")


def main() -> None:
    params = load_params(TrainParams, "train")
    checkpoint = Path("models") / params.init_from
    if comes_after("trained", read_value("checkpoint", str)):
        return write_skipped("train", TARGET, checkpoint, LOGS)
    hardware, seed = load_profile(HardwareProfile, "hardware", read_value("hardware", str)), read_value("seed", int)
    set_up_training(hardware)
    from belle.train.finetune import finetune
    from belle.train.stage import run_training

    used = params.lora if params.method == "lora" else params.ft
    run_training(
        "train",
        partial(finetune, checkpoint, TOKENS, params, hardware, seed),
        __file__,
        hardware,
        settings={"seed": seed, "method": params.method, "used": [hardware.settings, used.model_dump()]},
        inputs=[TOKENS, *resolve_checkpoint(checkpoint).directories],
        target=TARGET,
        logs=LOGS,
    )


if __name__ == "__main__":
    run_stage(main)
