"""models/extended and the texts of data/clean in, models/pretrained out; a pointer when the stage is skipped."""

import sys
from pathlib import Path

sys.path[0] = str(Path(__file__).resolve().parent.parent / "src")

from belle.stage import run_stage, start_stage

start_stage()

from belle.config.base import load_params, load_profile, read_value
from belle.config.hardware import HardwareProfile
from belle.config.pretrain import PretrainParams
from belle.data.tables import TEXTS
from belle.files import fresh_directory
from belle.libraries.block_imports import block_imports
from belle.speed import measure
from belle.train.skipped import write_skipped

CHECKPOINT, TARGET, LOGS = Path("models/extended"), Path("models/pretrained"), Path("logs/pretrain")


def main() -> None:
    params, seed = load_params(PretrainParams, "pretrain"), read_value("seed", int)
    hardware = load_profile(HardwareProfile, "hardware", read_value("hardware", str))
    with measure("pretrain", LOGS) as speed, fresh_directory(LOGS) as logs:
        if not params.enabled:
            return write_skipped(TARGET, CHECKPOINT, logs)
        block_imports("gptqmodel", "torchao", "deepspeed")
        from belle.train.pretrain import pretrain

        with fresh_directory(TARGET) as out:
            work = pretrain(CHECKPOINT, Path("data/clean") / TEXTS, params, hardware, seed, out, logs)
        speed.count_all(work)


if __name__ == "__main__":
    run_stage(main)
