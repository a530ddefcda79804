"""The model of the profile → models/base."""

import sys
from pathlib import Path

sys.path[0] = str(Path(__file__).resolve().parent.parent / "src")

from belle.config.model import ModelParams, ModelProfile
from belle.config.section import load_params, load_profile
from belle.download.model import download_model
from belle.stage import check_everything, run


def main() -> None:
    check_everything()
    params = load_params(ModelParams, "model")
    profile = load_profile(ModelProfile, "model", params.profile)
    download_model(profile, params.allow_unpinned, Path("models/base"))


if __name__ == "__main__":
    run(main)
