"""Ctrl-C in every stage at work, sent to its process group as a terminal does, and what brings the results back."""

import os
import re
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from repository import Repository

from factories import heed_interrupts

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(900)]

AT_WORK = {
    "clean.py": "data/.clean.partial",
    "tokenize.py": "data/.tokens.partial",
    "pretrain.py": "models/.pretrained.partial",
    "train.py": "models/.trained.partial",
    "quantize.py gptq-int4": "models/quantized/.gptq-int4.partial",
    "quantize.py gguf-q8_0": "models/quantized/.gguf-q8_0.partial",
    "generate.py unquantized": "eval/.unquantized.partial",
    "generate.py gptq-int4": "eval/.gptq-int4.partial",
    "generate.py gguf-q8_0": "eval/.gguf-q8_0.partial",
}
"""Command to what exists from the beginning of its work to the end; the others end too soon to be caught."""


def interrupt(repository: Repository, command: list[str], at_work: Path) -> tuple[int, str]:
    """Start a command, interrupt its group once `at_work` is there; return its exit code and what it printed."""
    assert not at_work.exists()
    process = subprocess.Popen(
        command, cwd=repository.path, text=True, start_new_session=True, env=repository.variables(),
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
        preexec_fn=heed_interrupts,
    )  # fmt: skip
    while not at_work.exists():
        assert process.poll() is None, process.communicate()[0]
        time.sleep(0.01)
    # made, locked and emptied: until then a signal may leave it behind, without a file
    emptied = time.monotonic() + 0.05
    while time.monotonic() < emptied and not any(at_work.iterdir()):
        time.sleep(0.001)
    os.killpg(process.pid, signal.SIGINT)
    printed = process.communicate(timeout=60)[0]
    return process.returncode, printed


def half_written(repository: Repository) -> list[Path]:
    return [
        path
        for folder in ("data", "models", "eval", "metrics")
        for path in (repository.path / folder).rglob(".*.partial")
    ]


@pytest.fixture(scope="module")
def own_copy(finished: Repository, tmp_path_factory: pytest.TempPathFactory) -> Repository:
    """A copy for these tests: a stage that is interrupted at its very end has noted how long it took."""
    return finished.copy(tmp_path_factory.mktemp("interrupted") / "copy")


@pytest.mark.parametrize("stage", AT_WORK)
def test_an_interrupted_stage_ends_in_one_line_and_keeps_what_was_there(own_copy, stage):
    script, *argument = stage.split()
    command = [sys.executable, f"stages/{script}", *argument]
    code, printed = interrupt(own_copy, command, own_copy.path / AT_WORK[stage])
    assert code == 130
    assert printed.splitlines()[-1].startswith("error: interrupted; ")
    assert "Traceback" not in printed
    assert half_written(own_copy) == []
    assert own_copy.run("git", "status", "--short") == ""
    assert "up to date" in own_copy.dvc("status")


def test_dvc_says_which_stage_and_the_line_brings_the_results_back(branch):
    command = ["dvc", "repro", "--force", "--single-item", "train"]
    code, printed = interrupt(branch, command, branch.path / AT_WORK["train.py"])
    assert code == 255
    assert printed.count("interrupted") == 1 and "git checkout -f BRANCH && dvc checkout" in printed
    # a shell that stays beside its command (dash) is interrupted too: -2 instead of 130
    assert re.search(r"failed to run: python stages/train.py, exited with (130|-2)\n", printed)
    assert not (branch.path / "models/trained").exists()
    branch.run("sh", "-c", "git checkout -q -f main && dvc checkout")
    assert (branch.path / "models/trained").is_dir()
    assert branch.run("git", "status", "--short") == ""
