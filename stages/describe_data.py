"""data/clean, the evaluation set and licenses in, the data card out: numbers, Markdown, contaminated questions."""

import sys
from pathlib import Path

sys.path[0] = str(Path(__file__).resolve().parent.parent / "src")

from belle.stage import run_stage, start_stage

start_stage()

from belle.config.base import load_params, read_value
from belle.config.deduplication import DecontaminateParams
from belle.data.questions import read_questions
from belle.data_card.contamination import measure_contamination
from belle.data_card.describe import write_card
from belle.files import fresh_directory


def main() -> None:
    used = load_params(DecontaminateParams, "clean.decontaminate")
    clean, questions = Path("data/clean"), read_questions(Path("data/eval/questions.jsonl"), None)
    contamination = measure_contamination(clean, questions, used, read_value("clean.simplify", bool))
    with fresh_directory(Path("data/card")) as out:
        write_card(Path("data/raw"), clean, Path("data/check/licenses.json"), contamination, out)


if __name__ == "__main__":
    run_stage(main)
