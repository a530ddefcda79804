"""Download the evaluation set of params.yaml: data/eval."""

import sys
from pathlib import Path

sys.path[0] = str(Path(__file__).resolve().parent.parent / "src")

from belle.stage import run_stage, start_stage

start_stage()

from belle.config.base import load_profile, read_value
from belle.config.evaluation_set import EvalProfile
from belle.download.evaluation_set import download_eval


def main() -> None:
    name = read_value("evaluate.set", str)
    download_eval(name, load_profile(EvalProfile, "eval", name), Path("data/eval"))


if __name__ == "__main__":
    run_stage(main)
