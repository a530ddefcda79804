"""models/extended and the texts of data/clean in, models/pretrained out; a pointer when the stage is skipped."""

import sys
from functools import partial
from pathlib import Path

sys.path[0] = str(Path(__file__).resolve().parent.parent / "src")

from belle.stage import run_stage, start_stage

start_stage()

from belle.checkpoints.resolve import resolve_checkpoint
from belle.config.base import load_params, load_profile, read_value
from belle.config.hardware import HardwareProfile
from belle.config.pretrain import PretrainParams
from belle.data.tables import TEXTS
from belle.train.processes import set_up_training
from belle.train.skipped import write_skipped

CHECKPOINT, TARGET, LOGS = Path("models/extended"), Path("models/pretrained"), Path("logs/pretrain")
TABLE = Path("data/clean") / TEXTS


def main() -> None:
    params, seed = load_params(PretrainParams, "pretrain"), read_value("seed", int)
    if not params.enabled:
        return write_skipped("pretrain", TARGET, CHECKPOINT, LOGS)
    hardware = load_profile(HardwareProfile, "hardware", read_value("hardware", str))
    set_up_training(hardware)
    from belle.train.pretrain import prepare_tokens, pretrain
    from belle.train.stage import run_training

    run_training(
        "pretrain",
        partial(pretrain, CHECKPOINT, params, hardware, seed),
        __file__,
        hardware,
        settings={"seed": seed, "used": [hardware.settings, params.model_dump()]},
        inputs=[TABLE, *resolve_checkpoint(CHECKPOINT).directories],
        target=TARGET,
        logs=LOGS,
        prepare=partial(prepare_tokens, CHECKPOINT, TABLE, params, seed),
    )


if __name__ == "__main__":
    run_stage(main)
