"""Download the evaluation set of params.yaml: data/eval."""

import sys
from pathlib import Path

sys.path[0] = str(Path(__file__).resolve().parent.parent / "src")

from belle.stage import run_stage, start_stage

start_stage()

from belle.config.base import CONFIGS, read_value, read_yaml
from belle.config.downloads import Download, read_download
from belle.config.question_source import EvalDownload
from belle.download.evaluation_set import download_eval


def main() -> None:
    questions = read_download("eval", Download[EvalDownload])
    # no dependencies: metrics and judges can refuse the set, and change nothing in it
    output = None if read_value("evaluate.scorer", str) == "metrics" else read_value("evaluate.judge.output", str)
    scored = list(read_yaml(CONFIGS / "eval" / f"{questions.name}.yaml")["metrics"])
    download_eval(questions.name, questions.profile, scored, Path("data/eval"), output)


if __name__ == "__main__":
    run_stage(main)
