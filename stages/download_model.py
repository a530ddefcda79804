"""Download the model of params.yaml: models/base."""

import sys
from pathlib import Path

sys.path[0] = str(Path(__file__).resolve().parent.parent / "src")

from belle.stage import run_stage, start_stage

start_stage()

from belle.config.downloads import Download, read_download
from belle.config.model import ModelDownload
from belle.download.model import download_model


def main() -> None:
    model = read_download("model", Download[ModelDownload])
    download_model(model.profile, Path("models/base"), Path("models/base.source.json"))


if __name__ == "__main__":
    run_stage(main)
