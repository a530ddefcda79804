"""data/raw and the questions of data/eval in, data/clean out: the kept rows, and the dropped ones with reasons."""

import sys
from pathlib import Path

sys.path[0] = str(Path(__file__).resolve().parent.parent / "src")

from belle.stage import run_stage, start_stage

start_stage()

from belle.clean.clean import clean
from belle.config.base import load_params
from belle.config.clean import CleanParams
from belle.files import fresh_directory, write_json


def main() -> None:
    params = load_params(CleanParams, "clean")
    with fresh_directory(Path("data/clean")) as out:
        counts = clean(Path("data/raw"), Path("data/eval/questions.jsonl"), out, params)
    write_json(Path("metrics/clean.json"), {"clean": counts})


if __name__ == "__main__":
    run_stage(main)
