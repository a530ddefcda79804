"""The benchmarks run, on little data: their figures are taken by hand."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from factories import write_sentencepiece_model

ROOT = Path(__file__).resolve().parents[1]


@pytest.mark.slow
@pytest.mark.parametrize(
    "arguments",
    [
        ("clean.py", "--rows", "100"),
        ("import.py", "--rows", "50", "--only", "sharegpt, cut"),
        ("decrypt.py", "12"),
        ("filters.py",),
        ("waiting_threads.py", "1", "0"),
        ("loss_memory.py", "2000", "256"),
        ("tokenize_conversations.py", "--rows", "2000", "--rounds", "1"),
        ("gpu.py", "--dry"),
        ("gpu_gptq.py", "--dry"),
        ("checkpoints.py", "--size", "tiny", "--minutes", "0.02", "--limit-minutes", "0.02"),
        ("vocabulary.py", "--base", "1000", "--belle", "1400", "--files", "12"),
        ("data_card.py", "--rows", "100"),
        ("report.py", "--questions", "20", "--systems", "2", "--rounds", "1"),
    ],
)
def test_a_benchmark_runs(arguments):
    assert run(*arguments)


@pytest.mark.slow
def test_a_vocabulary_is_extended_by_what_synthetic_lines_give(tmp_path):
    texts = ["今天天气很好，我们去公园。", "今天我们学习数学。我们很好！", "天气很好，公园很大。", "他们去公园学习。"]
    records = [{"instruction": one, "input": "", "output": other} for one in texts for other in texts]
    (tmp_path / "conversations.json").write_text(json.dumps(records))
    (tmp_path / "tokenizer").mkdir()
    write_sentencepiece_model(tmp_path / "tokenizer", ["a quick brown fox 12", "的"] * 20, 290)
    (tmp_path / "tokenizer" / "tokenizer_config.json").write_text(json.dumps({"tokenizer_class": "LlamaTokenizer"}))
    files = [str(tmp_path / name) for name in ("conversations.json", "tokenizer")]
    report = json.loads(run("vocabulary_scale.py", *files, "--lines", "2000", "--new-tokens", "60"))
    assert (report["texts"], report["new_tokens"]) == (2000, 60)
    assert report["tokens_per_line_after"] < 0.5 * report["tokens_per_line_before"]


def run(script: str, *options: str) -> str:
    done = subprocess.run(
        [sys.executable, ROOT / "benchmarks" / script, *options], cwd=ROOT, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr
    return done.stdout
