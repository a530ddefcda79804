"""Packed conversations into the weights: the link named by train.from to models/trained, by FT or LoRA."""

import sys
from pathlib import Path

sys.path[0] = str(Path(__file__).resolve().parent.parent / "src")

from belle.config.section import load_params, load_profile, read_value
from belle.config.train import HardwareProfile, TrainParams, comes_after
from belle.environment import environment
from belle.files import fresh_directory
from belle.hide import hide
from belle.speed import measure
from belle.stage import check_everything, run
from belle.train.off import switch_off


def main() -> None:
    check_everything()
    params = load_params(TrainParams, "train")
    target, metrics = Path("models/trained"), Path("metrics/train")
    if comes_after("trained", read_value("subject", str)):
        return switch_off("train", target, Path("models") / params.from_, environment())
    hide("gptqmodel", "torchao")
    from belle.train.tune import tune

    hardware = load_profile(HardwareProfile, "train", params.profile)
    with (
        fresh_directory(target) as out,
        fresh_directory(metrics) as metrics_dir,
        measure(metrics_dir, "train") as speed,
    ):
        tokens = tune(params, hardware, read_value("seed", int), Path("data/tokens"), out, metrics_dir)
        speed.count("tokens", tokens)


if __name__ == "__main__":
    run(main)
