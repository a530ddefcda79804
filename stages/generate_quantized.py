"""One quantized variant, the argument: models/quantized/SCHEME and data/eval in, its answers out: eval/SCHEME."""

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
    scheme = sys.argv[1]
    hide("torchao", "deepspeed")
    if not scheme.startswith("gptq"):
        hide("gptqmodel")
    from belle.evaluate.quantized import generate_quantized
    from belle.evaluate.questions import read_questions

    link = Path("models") / read_subject()
    params = load_params(EvaluateParams, "evaluate")
    questions = read_questions(Path("data/eval/questions.jsonl"), params.limit)
    target, speed = Path("eval") / scheme, Path("metrics/generate") / scheme
    with fresh_directory(target) as out, fresh_directory(speed) as metrics:
        generate_quantized(scheme, link, questions, params.generate, out, metrics)


if __name__ == "__main__":
    run(main)
