"""The unquantized model, models/SUBJECT, and data/eval in, its answers out: eval/full."""

import sys
from pathlib import Path

sys.path[0] = str(Path(__file__).resolve().parent.parent / "src")

from belle.config.chain import read_subject
from belle.config.evaluate import EvaluateParams
from belle.config.section import load_params
from belle.files import fresh_directory
from belle.hide import hide
from belle.stage import run


def main() -> None:
    hide("gptqmodel", "torchao", "deepspeed")
    from belle.evaluate.full import generate_full
    from belle.evaluate.questions import read_questions

    link = Path("models") / read_subject()
    params = load_params(EvaluateParams, "evaluate")
    questions = read_questions(Path("data/eval/questions.jsonl"), params.limit)
    with fresh_directory(Path("eval/full")) as out, fresh_directory(Path("metrics/generate/full")) as metrics:
        generate_full(link, questions, params.generate, out, metrics)


if __name__ == "__main__":
    run(main)
