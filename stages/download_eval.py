"""The evaluation set of the profile → data/eval."""

import sys
from pathlib import Path

sys.path[0] = str(Path(__file__).resolve().parent.parent / "src")

from belle.config.evaluation_set import EvalProfile
from belle.config.section import load_profile, read_value
from belle.download.evaluation import download_eval
from belle.stage import check_everything, run


def main() -> None:
    check_everything()
    name = read_value("evaluate.set", str)
    download_eval(name, load_profile(EvalProfile, "eval", name), Path("data/eval"))


if __name__ == "__main__":
    run(main)
