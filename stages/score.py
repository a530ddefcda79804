"""Score the answers of the unquantized model: eval/full in, metrics/eval/full.* out."""

import sys
from pathlib import Path

sys.path[0] = str(Path(__file__).resolve().parent.parent / "src")

from belle.config.evaluate import EvaluateParams
from belle.config.evaluation_set import EvalProfile
from belle.config.section import load_params, load_profile, read_value
from belle.evaluate.variant import score_variant
from belle.stage import run


def main() -> None:
    params = load_params(EvaluateParams, "evaluate")
    profile = load_profile(EvalProfile, "eval", params.set)
    score_variant("full", profile.rules, read_value("seed", int))


if __name__ == "__main__":
    run(main)
