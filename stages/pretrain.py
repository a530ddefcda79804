"""Plain text into the weights: models/extended to models/pretrained; a gate when it is off."""

import sys
from pathlib import Path

sys.path[0] = str(Path(__file__).resolve().parent.parent / "src")

from belle.config.section import load_params, load_profile, read_value
from belle.config.train import HardwareProfile, PretrainParams
from belle.data.tables import TEXTS
from belle.files import fresh_directory
from belle.hide import hide
from belle.speed import Speed, measure
from belle.stage import check_everything, run
from belle.train.off import switch_off

LINK, TARGET = Path("models/extended"), Path("models/pretrained")


def main() -> None:
    check_everything()
    params = load_params(PretrainParams, "pretrain")
    with fresh_directory(Path("metrics/pretrain")) as metrics, measure(metrics, "pretrain") as speed:
        if params.enabled:
            learn(params, metrics, speed)
        else:
            switch_off("pretrain", TARGET, LINK, metrics)


def learn(params: PretrainParams, metrics: Path, speed: Speed) -> None:
    hide("gptqmodel", "torchao", "deepspeed")
    from belle.train.pretrain import pretrain

    hardware = load_profile(HardwareProfile, "train", read_value("train.profile", str))
    with fresh_directory(TARGET) as out:
        done = pretrain(LINK, Path("data/clean") / TEXTS, params, hardware, read_value("seed", int), out, metrics)
    for unit, number in done.items():
        speed.count(unit, number)


if __name__ == "__main__":
    run(main)
