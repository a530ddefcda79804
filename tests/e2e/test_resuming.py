"""A queued experiment that is killed goes on when it is queued again, though it runs in another temporary folder."""

import os
import signal
import subprocess
import time
from pathlib import Path

import pytest
from repository import Repository

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(900)]


def stage_processes(repository: Repository, script: str) -> list[int]:
    """Return the processes of a stage that work below the repository."""
    found = []
    for process in Path("/proc").glob("[0-9]*"):
        try:
            command = (process / "cmdline").read_bytes().split(b"\0")
            below = (process / "cwd").readlink().is_relative_to(repository.path)
        except OSError:
            continue
        if below and command[1:2] == [script.encode()]:
            found.append(int(process.name))
    return found


def test_a_queued_experiment_that_was_killed_goes_on(branch):
    profile = (branch.path / "configs/hardware/cpu.yaml").read_text()
    (branch.path / "configs/hardware/often.yaml").write_text(
        profile.replace("checkpoint_minutes: 10", "checkpoint_minutes: 0")
    )
    branch.commit("checkpoints as often as possible")
    overrides = ["hardware=often", "pretrain.enabled=false", "train.ft.epochs=40", "quantize.schemes=[]"]
    queue = ["exp", "run", "--queue", "-n", "killed", *(word for one in overrides for word in ("-S", one))]
    branch.dvc(*queue)
    # the worker keeps what it inherits: a pipe would be open until it ends
    subprocess.run(["dvc", "queue", "start"], cwd=branch.path, env=branch.variables(), stdout=subprocess.DEVNULL)
    checkpoints = branch.path / ".dvc/tmp/checkpoints"
    while not list(checkpoints.glob("train-*/checkpoint-*")):
        time.sleep(0.05)
    found = stage_processes(branch, "stages/train.py")
    assert found
    for process in found:
        os.kill(process, signal.SIGKILL)
    while "Failed" not in branch.dvc("queue", "status"):
        time.sleep(1)
    branch.dvc("queue", "remove", "--failed")
    branch.dvc(*queue)
    branch.finish_queue()
    assert "train: goes on from the checkpoint of step " in branch.dvc("queue", "logs", "killed")
    assert list(checkpoints.iterdir()) == []
    branch.dvc("exp", "apply", "killed")
    assert (branch.path / "models/trained/model.safetensors").is_file()
