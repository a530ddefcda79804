"""Download the data sources of one table of data/raw, the argument (`conversations` or `texts`), and import them."""

import sys
from pathlib import Path

sys.path[0] = str(Path(__file__).resolve().parent.parent / "src")

from belle.stage import run_stage, start_stage

start_stage()

from belle.config.data import DataDownload
from belle.config.downloads import Downloads, read_download
from belle.download.data import download_data


def main() -> None:
    table = sys.argv[1]
    download_data(table, read_download(table, Downloads[DataDownload]), Path("data/raw"))


if __name__ == "__main__":
    run_stage(main)
