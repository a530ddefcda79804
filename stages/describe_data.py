"""data/clean, unreadable rows and the licenses of the sources in, the data card out: numbers, Markdown for people."""

import sys
from pathlib import Path

sys.path[0] = str(Path(__file__).resolve().parent.parent / "src")

from belle.stage import run_stage, start_stage

start_stage()

from belle.data_card.describe import write_card
from belle.files import fresh_directory


def main() -> None:
    with fresh_directory(Path("data/card")) as out:
        write_card(Path("data/raw"), Path("data/clean"), Path("data/check/licenses.json"), out)


if __name__ == "__main__":
    run_stage(main)
