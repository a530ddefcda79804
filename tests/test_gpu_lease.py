import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from belle import gpu_lease
from belle.errors import UserError
from belle.gpu_lease import lease_gpus, lease_one_gpu, physical_name, visible_gpus

SOURCE = Path(__file__).resolve().parents[1] / "src"
LEASE = """
import sys
from belle import gpu_lease
gpu_lease.device_count, gpu_lease.SECONDS_BETWEEN_TRIES = lambda: 2, 0.02
print(",".join(gpu_lease.lease_gpus(int(sys.argv[1]))), flush=True)
sys.stdin.read()
"""
"""Takes GPUs of two, and keeps them until it is told to end or is killed."""


@pytest.fixture(autouse=True)
def repository(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Two GPUs, and a repository that is not the working directory, as for a queued experiment."""
    monkeypatch.setenv("DVC_ROOT", str(tmp_path))
    monkeypatch.delenv("CUDA_VISIBLE_DEVICES", raising=False)
    monkeypatch.setattr(gpu_lease, "device_count", lambda: 2)


@pytest.fixture
def start(tmp_path: Path) -> Iterator:
    """Start a process that leases so many GPUs."""
    started = []

    def start_one(count: int) -> subprocess.Popen:
        process = subprocess.Popen(
            [sys.executable, "-c", LEASE, str(count)], cwd="/", text=True, stdin=subprocess.PIPE,
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, env={"PYTHONPATH": str(SOURCE), "DVC_ROOT": str(tmp_path)},
        )  # fmt: skip
        started.append(process)
        return process

    yield start_one
    for process in started:
        process.kill()
        process.communicate()


def test_processes_take_different_gpus_and_the_third_waits_for_one_to_end(start, tmp_path):
    first, second = start(1), start(1)
    assert {first.stdout.readline(), second.stdout.readline()} == {"0\n", "1\n"}
    third = start(1)
    assert third.stderr.readline() == f"waiting for 1 of 2 GPUs: other runs have them ({tmp_path}/.dvc/tmp/gpu)\n"
    second.kill()
    assert third.stdout.readline() in ("0\n", "1\n")


def test_one_that_needs_both_takes_none_until_both_are_free(start):
    first = start(1)
    assert first.stdout.readline() == "0\n"
    both = start(2)
    assert both.stderr.readline().startswith("waiting for 2 of 2 GPUs")
    other = start(1)
    # the one GPU that is free is not kept by who waits for two
    assert other.stdout.readline() == "1\n"
    first.kill()
    other.kill()
    assert both.stdout.readline() == "0,1\n"


def test_more_processes_than_gpus_are_refused(monkeypatch):
    with pytest.raises(UserError, match=r"^hardware: the profile trains in 3 processes .* 2 GPUs are visible; take"):
        lease_gpus(3)
    monkeypatch.setenv("CUDA_VISIBLE_DEVICES", "")
    with pytest.raises(UserError, match=r"and 0 GPUs are visible \(CUDA_VISIBLE_DEVICES=\)"):
        monkeypatch.setattr(gpu_lease, "device_count", lambda: 0)
        lease_gpus(1)


def test_a_stage_that_needs_no_certain_number_takes_one_where_there_is_one(start, monkeypatch):
    first = start(1)
    assert first.stdout.readline() == "0\n"
    # so that the variable is restored
    monkeypatch.setenv("CUDA_VISIBLE_DEVICES", "0,1")
    lease_one_gpu()
    assert os.environ["CUDA_VISIBLE_DEVICES"] == "1"
    monkeypatch.setattr(gpu_lease, "device_count", lambda: 0)
    monkeypatch.setenv("CUDA_VISIBLE_DEVICES", "")
    lease_one_gpu()
    assert os.environ["CUDA_VISIBLE_DEVICES"] == ""


@pytest.mark.parametrize(
    ("variable", "count", "visible"),
    [
        (None, 2, ["0", "1"]),
        ("", 0, []),
        ("3", 1, ["3"]),
        ("5, 2", 2, ["5", "2"]),
        ("1,-1,0", 1, ["1"]),
        ("GPU-8932f937,GPU-11", 2, ["GPU-8932f937", "GPU-11"]),
    ],
)
def test_visible_gpus_are_those_of_the_variable(monkeypatch, variable, count, visible):
    monkeypatch.setattr(gpu_lease, "device_count", lambda: count)
    if variable is not None:
        monkeypatch.setenv("CUDA_VISIBLE_DEVICES", variable)
    assert visible_gpus() == visible


def test_a_gpu_has_one_lock_whatever_it_is_called(tmp_path, monkeypatch):
    program = tmp_path / "nvidia-smi"
    program.write_text("#!/bin/sh\necho '0, GPU-aaaa-bbbb'; echo '1, GPU-cccc-dddd'\n")
    program.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path), prepend=":")
    assert [physical_name(name) for name in ("1", "GPU-cccc", "GPU-aaaa-bbbb")] == ["1", "1", "0"]
    assert physical_name("MIG-GPU-aaaa/1/0") == "MIG-GPU-aaaa-1-0"
    # a UUID that nvidia-smi does not know
    assert physical_name("GPU-eeee") == "GPU-eeee"


def test_without_nvidia_smi_a_uuid_is_its_own_name(tmp_path, monkeypatch):
    monkeypatch.setenv("PATH", str(tmp_path))
    assert physical_name("GPU-cccc") == "GPU-cccc"
