"""The checkpoint named by train.init_from and data/tokens in, models/trained out; a pointer when skipped."""

import sys
from pathlib import Path

sys.path[0] = str(Path(__file__).resolve().parent.parent / "src")

from belle.stage import run_stage, start_stage

start_stage()

from belle.config.base import load_params, load_profile, read_value
from belle.config.checkpoints import comes_after
from belle.config.hardware import HardwareProfile
from belle.config.train import TrainParams
from belle.environment import environment
from belle.files import fresh_directory
from belle.libraries.block_imports import block_imports
from belle.speed import Speed, measure
from belle.train.skipped import write_skipped

TARGET, LOGS = Path("models/trained"), Path("logs/train")


def main() -> None:
    params = load_params(TrainParams, "train")
    checkpoint = Path("models") / params.init_from
    with measure("train", LOGS) as speed, fresh_directory(LOGS) as logs:
        if comes_after("trained", read_value("checkpoint", str)):
            write_skipped(TARGET, checkpoint, logs)
        else:
            train(checkpoint, params, logs, speed)
        speed.environment = environment()


def train(checkpoint: Path, params: TrainParams, logs: Path, speed: Speed) -> None:
    block_imports("gptqmodel", "torchao", "deepspeed")
    from belle.train.finetune import finetune

    hardware, seed = load_profile(HardwareProfile, "hardware", read_value("hardware", str)), read_value("seed", int)
    with fresh_directory(TARGET) as out:
        work = finetune(checkpoint, Path("data/tokens"), params, hardware, seed, out, logs)
    speed.count_all(work)


if __name__ == "__main__":
    run_stage(main)
