"""Download the model of params.yaml: models/base."""

import sys
from pathlib import Path

sys.path[0] = str(Path(__file__).resolve().parent.parent / "src")

from belle.stage import run_stage, start_stage

start_stage()

from belle.config.base import load_profile, read_value
from belle.config.model import ModelProfile
from belle.download.model import download_model


def main() -> None:
    profile = load_profile(ModelProfile, "model", read_value("model.profile", str))
    download_model(profile, Path("models/base"))


if __name__ == "__main__":
    run_stage(main)
