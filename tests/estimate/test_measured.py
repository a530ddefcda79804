"""The estimate beside what the real training code allocates, on tiny models; benchmarks/estimate.py has larger ones."""

import json
import subprocess
import sys

import pytest

from factories import ROOT

CASES = ["tiny-ft-512-fp32-1x1", "tiny-ft-512-checkpointing-fp32-1x1", "tiny-lora-512-fp32-1x1"]


@pytest.mark.slow
def test_estimates_are_within_15_percent_of_measured_peaks():
    done = subprocess.run(
        [sys.executable, ROOT / "benchmarks/estimate.py", "--case", *CASES], cwd=ROOT, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr
    found = [json.loads(line) for line in done.stdout.splitlines()]
    assert [one["name"] for one in found] == CASES
    errors = {one["name"]: one["estimated_mb"] / one["measured_mb"] - 1 for one in found}
    assert {name: error for name, error in errors.items() if abs(error) > 0.15} == {}
    checkpointed = found[1]["measured_mb"] < 0.8 * found[0]["measured_mb"]
    assert checkpointed, "the cases must differ, or nothing was measured"
