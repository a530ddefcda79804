"""The evaluation questions that must not be trained on."""

import json
from pathlib import Path

import pyarrow as pa

from belle.clean.text import comparison_key, normalise
from belle.errors import UserError

REPAIR = "run `dvc repro download_eval`"


def question_keys(path: Path) -> dict[str, str]:
    """Read `questions.jsonl`; return comparison key → id, the first id where two questions have one key.

    Raises:
        UserError: no such file, or a row is no JSON object with the strings `id` and `question`.
    """
    try:
        with path.open("rb") as stream:
            lines = stream.readlines()
    except FileNotFoundError:
        raise UserError(f"{path}: no such file; {REPAIR}") from None
    questions = [_question(line, f"{path}: row {number}") for number, line in enumerate(lines, start=1)]
    texts = pa.array([text for _, text in questions], pa.string())
    keys = comparison_key(normalise(texts)).to_pylist()
    return {key: name for key, (name, _) in reversed(list(zip(keys, questions, strict=True)))}


def _question(line: bytes, where: str) -> tuple[str, str]:
    try:
        row = json.loads(line)
        name, text = row["id"], row["question"]
    except (ValueError, KeyError, TypeError, RecursionError):
        name = text = None
    if not isinstance(name, str) or not isinstance(text, str):
        raise UserError(f"{where}: expected a JSON object with the strings `id` and `question`; {REPAIR}")
    return name, text
