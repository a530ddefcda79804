"""Packed conversations into the weights: the link named by train.from to models/trained, by FT or LoRA."""

import sys
from pathlib import Path

sys.path[0] = str(Path(__file__).resolve().parent.parent / "src")

from belle.config.chain import read_subject
from belle.config.section import load_params, load_profile, read_value
from belle.config.train import HardwareProfile, TrainParams, comes_after
from belle.environment import environment
from belle.files import fresh_directory, write_json
from belle.hide import hide
from belle.speed import Speed, measure
from belle.stage import check_everything, run
from belle.train.off import switch_off

TARGET = Path("models/trained")


def main() -> None:
    check_everything()
    params = load_params(TrainParams, "train")
    with fresh_directory(Path("metrics/train")) as metrics, measure(metrics, "train") as speed:
        if comes_after("trained", read_subject()):
            switch_off("train", TARGET, Path("models") / params.from_, metrics)
        else:
            learn(params, metrics, speed)
        write_json(metrics / "environment.json", {"environment": environment()})


def learn(params: TrainParams, metrics: Path, speed: Speed) -> None:
    hide("gptqmodel", "torchao", "deepspeed")
    from belle.train.tune import tune

    hardware = load_profile(HardwareProfile, "train", params.profile)
    with fresh_directory(TARGET) as out:
        done = tune(params, hardware, read_value("seed", int), Path("data/tokens"), out, metrics)
    for unit, number in done.items():
        speed.count(unit, number)


if __name__ == "__main__":
    run(main)
