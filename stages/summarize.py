"""Counts, logs and scores in, what Git keeps and people compare out: metrics/."""

import sys
from pathlib import Path

sys.path[0] = str(Path(__file__).resolve().parent.parent / "src")

from belle.stage import run_stage, start_stage

start_stage()

from belle.config.base import load_params
from belle.config.quantize import QuantizeParams
from belle.summarize import summarize


def main() -> None:
    counts = {
        "clean": Path("data/clean/counts.json"),
        "extend_vocab": Path("logs/extend_vocab.json"),
        "tokenize": Path("data/tokens/meta.json"),
    }
    schemes = load_params(QuantizeParams, "quantize").schemes
    summarize(schemes, counts, Path("data/card/card.json"), Path("logs"), Path("metrics"))


if __name__ == "__main__":
    run_stage(main)
