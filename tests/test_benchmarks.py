"""The benchmarks run, on little data: their figures are taken by hand."""

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]


@pytest.mark.slow
@pytest.mark.parametrize(
    "arguments",
    [
        ("clean.py", "--rows", "100"),
        ("decrypt.py", "12"),
        ("waiting_threads.py", "1", "0"),
        ("loss_memory.py", "2000", "256"),
        ("gpu.py", "--dry"),
        ("gpu_gptq.py", "--dry"),
        ("vocabulary.py", "--base", "1000", "--belle", "1400", "--files", "12"),
        ("data_card.py", "--rows", "100"),
    ],
)
def test_a_benchmark_runs(arguments):
    script, *options = arguments
    done = subprocess.run(
        [sys.executable, ROOT / "benchmarks" / script, *options], cwd=ROOT, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout
