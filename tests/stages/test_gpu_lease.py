import os
import subprocess
import sys
from pathlib import Path

import pytest

from belle.checkpoints.resolve import write_pointer
from factories import question

ROOT = Path(__file__).resolve().parents[2]
STAGE = """
import atexit, os, runpy, sys
import torch
from belle import gpu_lease

gpu_lease.device_count = lambda: 2
is_available = torch.cuda.is_available

def asked() -> bool:
    print("CUDA starts with", os.environ.get("CUDA_VISIBLE_DEVICES"))
    return is_available()

torch.cuda.is_available = asked
atexit.register(asked)
sys.argv = sys.argv[1:]
runpy.run_path(sys.argv[0], run_name="__main__")
"""
"""Runs a stage on a machine that seems to have two GPUs; says what CUDA would see when a library first starts it."""


@pytest.mark.slow
@pytest.mark.parametrize(
    "stage",
    [["train"], ["pretrain"], ["generate", "unquantized"], ["quantize", "gptq-int4"]],
    ids=" ".join,
)
def test_gpus_are_leased_before_a_library_starts_cuda(change, monkeypatch, stage):
    """CUDA reads the variable once: leased later, every run would compute on the first GPU."""
    monkeypatch.delenv("CUDA_VISIBLE_DEVICES", raising=False)
    change("params.yaml", {"hardware": "1gpu"})
    write_pointer(Path("models/extended"), Path("models/base"))
    Path("data/eval").mkdir(parents=True)
    Path("data/eval/questions.jsonl").write_text(question("1", "你好").model_dump_json() + "\n")
    done = subprocess.run(
        [sys.executable, "-c", STAGE, ROOT / "stages" / f"{stage[0]}.py", *stage[1:]],
        capture_output=True, text=True, env=os.environ | {"PYTHONPATH": str(ROOT / "src")},
    )  # fmt: skip
    assert done.returncode == 1 and done.stderr.startswith("error: ") and done.stderr.count("\n") == 1, done.stderr
    assert set(done.stdout.splitlines()) == {"CUDA starts with 0"}
