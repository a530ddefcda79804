"""Questions and settings at the edge: every engine and every batch size gives the same answers."""

import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from belle.evaluate.answers import read_answers
from belle.evaluate.generate import generate_quantized, generate_unquantized
from belle.evaluate.task import Task
from belle.quantize.gguf.quantize import quantize_gguf
from factories import question

from .asking import HOT, generate_params, profile

TEXTS = [
    " ", "\n", "a" * 200, "🙂" * 30, "Human: \n你好\n\nAssistant: \n", "\u200b", "x\x00y", "</s>", "<think>",
    "苹果\n\nHuman:", "]]>",
]  # fmt: skip
QUESTIONS = [question(f"q{number}", text, "好的。") for number, text in enumerate(TEXTS)]


@pytest.mark.parametrize("max_new_tokens", [1, 9])
@pytest.mark.parametrize("how", [{}, HOT])
def test_answers_are_the_same_in_batches_of_any_size_and_on_llama_cpp(
    max_new_tokens: int, how: dict[str, Any], tiny_model, tmp_path, monkeypatch
):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "eval").mkdir()
    checkpoint = shutil.copytree(tiny_model("llama"), Path("models/base"))
    found: list[bytes] = []
    for size in (1, 3, 5, 64):
        params = generate_params(max_new_tokens=max_new_tokens, batch_size=size)
        task = Task.prepare(checkpoint, QUESTIONS, params, profile(**how))
        generate_unquantized(task, Path("eval/unquantized"))
        found.append(Path("eval/unquantized/answers.jsonl").read_bytes())
    assert found == [found[0]] * 4
    Path("quantized").mkdir()
    quantize_gguf(checkpoint, "f32", Path("quantized"))
    generate_quantized("gguf-f32", Path("quantized"), task, Path("eval/unquantized"), Path("eval/f32"))
    answers = read_answers(Path("eval/unquantized/answers.jsonl"))
    assert read_answers(Path("eval/f32/answers.jsonl")) == answers
    assert {answer.tokens for answer in answers} <= {*range(max_new_tokens + 1)}
    assert json.loads(Path("eval/f32/stats.json").read_text())["top1_agreement"] == 1.0
