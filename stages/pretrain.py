"""Plain text into the weights: models/extended to models/pretrained; a gate when it is off."""

import sys
from pathlib import Path

sys.path[0] = str(Path(__file__).resolve().parent.parent / "src")

from belle.config.section import load_params, load_profile, read_value
from belle.config.train import HardwareProfile, PretrainParams, comes_after
from belle.data.tables import TEXTS
from belle.environment import environment
from belle.files import fresh_directory
from belle.hide import hide
from belle.speed import measure
from belle.stage import check_everything, run
from belle.train.off import switch_off


def main() -> None:
    check_everything()
    params = load_params(PretrainParams, "pretrain")
    link, target, metrics = Path("models/extended"), Path("models/pretrained"), Path("metrics/pretrain")
    if not params.enabled or comes_after("pretrained", read_value("subject", str)):
        return switch_off("pretrain", target, link, environment())
    hide("gptqmodel", "torchao")
    from belle.train.pretrain import pretrain

    hardware = load_profile(HardwareProfile, "train", read_value("train.profile", str))
    with (
        fresh_directory(target) as out,
        fresh_directory(metrics) as metrics_dir,
        measure(metrics_dir, "pretrain") as speed,
    ):
        seed = read_value("seed", int)
        tokens = pretrain(link, Path("data/clean") / TEXTS, params, hardware, seed, out, metrics_dir)
        speed.count("tokens", tokens)


if __name__ == "__main__":
    run(main)
