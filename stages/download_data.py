"""The data sources of params.yaml → data/raw."""

import sys
from pathlib import Path

sys.path[0] = str(Path(__file__).resolve().parent.parent / "src")

from belle.config.data import DataParams
from belle.config.section import load_params
from belle.download.data import download_data
from belle.stage import check_everything, run


def main() -> None:
    check_everything()
    download_data(load_params(DataParams, "data"), Path("data/raw"))


if __name__ == "__main__":
    run(main)
