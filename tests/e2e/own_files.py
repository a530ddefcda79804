"""A small model, conversations and questions, as a person brings them."""

import json
import random
import shutil
from pathlib import Path

from factories import write_json_lines

SUMS = [(left, right) for left in range(1, 13) for right in range(1, 13)]


def write_own_files(home: Path, model: Path) -> None:
    """Write my-model, mine.jsonl and questions.jsonl, which docs/your-own.md begins with."""
    shutil.copytree(model, home / "my-model")
    pairs = random.Random(1).sample(SUMS, len(SUMS))
    write_json_lines(home / "mine.jsonl", *(conversation(*pair) for pair in pairs[12:]))
    write_json_lines(home / "questions.jsonl", *(question(*pair) for pair in pairs[:12]))


def conversation(left: int, right: int) -> dict[str, str]:
    return {"instruction": f"请计算 {left} 加 {right}。", "input": "", "output": f"结果是 {left + right}。"}


def question(left: int, right: int) -> dict[str, str]:
    return {"question": f"请计算 {left} 加 {right}。", "reference": str(left + right), "category": "sums"}


def add_conversation(path: Path) -> None:
    """Edit a data file, as its owner does."""
    with path.open("a", encoding="utf-8") as stream:
        stream.write(json.dumps(conversation(20, 30), ensure_ascii=False) + "\n")
