"""Score the answers of one variant (`unquantized` or a quantization scheme, the argument): eval/ to metrics/."""

import sys
from pathlib import Path

sys.path[0] = str(Path(__file__).resolve().parent.parent / "src")

from belle.stage import run_stage, start_stage

start_stage()

from belle.config.base import load_params, load_profile
from belle.config.evaluate import EvaluateParams
from belle.config.evaluation_set import EvalProfile
from belle.judge.flips import changed_answers, flips, report_flips
from belle.last_commit import committed
from belle.score.inputs import Inputs
from belle.score.score_variant import score_variant


def main() -> None:
    variant = sys.argv[1]
    params = load_params(EvaluateParams, "evaluate")
    metrics = load_profile(EvalProfile, "eval", params.set).metrics
    inputs = Inputs(
        answers=Path("eval") / variant,
        judgments=Path("eval/judgments") / variant,
        human_scores=Path("human_scores"),
        contaminated=Path("data/card/contaminated.tsv"),
        questions=Path("data/eval/questions.jsonl"),
        limit=params.limit,
    )
    scores, details = Path("metrics/scores"), Path("metrics/details/eval")
    score_variant(variant, inputs, params.scorer, metrics, params.execute_code, scores, details)
    # Git has the tables of the last commit: is an answer that stayed the same read otherwise?
    answers, judgments = (versions(details / f"{variant}.{kind}.tsv") for kind in ("answers", "judgments"))
    report_flips(variant, flips(*judgments, changed_answers(*answers)))


def versions(path: Path) -> tuple[str, str]:
    """Return the committed and the present content of a table."""
    return committed(path), path.read_text(encoding="utf-8")


if __name__ == "__main__":
    run_stage(main)
