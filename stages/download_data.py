"""Download the data sources of params.yaml and import their rows: data/raw."""

import sys
from pathlib import Path

sys.path[0] = str(Path(__file__).resolve().parent.parent / "src")

from belle.stage import run_stage, start_stage

start_stage()

from belle.config.base import load_params
from belle.config.data import DataParams
from belle.download.data import download_data


def main() -> None:
    download_data(load_params(DataParams, "data"), Path("data/raw"))


if __name__ == "__main__":
    run_stage(main)
