"""data/raw and the questions of data/eval in, data/clean out: kept rows, dropped ones with reasons, counts of both."""

import sys
from pathlib import Path

sys.path[0] = str(Path(__file__).resolve().parent.parent / "src")

from belle.stage import run_stage, start_stage

start_stage()

from belle.clean.clean import clean
from belle.config.base import load_params
from belle.config.clean import CleanParams
from belle.files import fresh_directory


def main() -> None:
    params = load_params(CleanParams, "clean")
    with fresh_directory(Path("data/clean")) as out:
        clean(Path("data/raw"), Path("data/eval/questions.jsonl"), out, params)


if __name__ == "__main__":
    run_stage(main)
