"""Check the whole configuration before anything else runs: data/check, the same whatever the configuration is."""

import sys
from pathlib import Path

sys.path[0] = str(Path(__file__).resolve().parent.parent / "src")

from belle.stage import run_stage, start_stage

start_stage()

from belle.files import fresh_directory


def main() -> None:
    # run_stage has checked it
    with fresh_directory(Path("data/check")) as out:
        (out / "configuration.txt").write_text("valid\n", encoding="utf-8")


if __name__ == "__main__":
    run_stage(main)
