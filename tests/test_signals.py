"""Real processes and real signals, sent to the whole process group as a terminal does."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from factories import heed_interrupts

ROOT = Path(__file__).resolve().parents[1]
STAGES = sorted(path.name for path in (ROOT / "stages").glob("*.py") if path.name != "check.py")
"""All that import a library."""
SIGNAL_AT_IMPORT = """
import os, signal, sys

class Finder:
    def find_spec(name, path=None, target=None):
        if name == os.environ["AT"]:
            os.killpg(0, int(os.environ["SIGNAL"]))

sys.meta_path.insert(0, Finder)
"""
"""Python runs a module of the name sitecustomize at every start."""
ENDS = {
    signal.SIGINT: "error: interrupted; nothing half-written was kept",
    signal.SIGTERM: "error: terminated; nothing half-written was kept",
}
WORK = """
import os, time
from pathlib import Path
from belle.files import fresh_directory, fresh_file
from belle.stage import start_stage
start_stage()
with fresh_directory(Path("out")) as out, fresh_file(Path("file")) as file:
    (out / "deep").mkdir()
    (out / "deep" / "half").touch()
    file.touch()
    os.chdir("/")
    print("ready", flush=True)
    try:
        time.sleep(60)
    except BaseException:
        pass  # as libraries do
    time.sleep(60)
"""


def start(*command: str | Path, cwd: Path, **environment: str) -> subprocess.Popen[str]:
    variables = os.environ | {"PYTHONPATH": str(ROOT / "src")} | environment
    return subprocess.Popen(
        [sys.executable, *command], cwd=cwd, env=variables, text=True, start_new_session=True,
        stdout=subprocess.PIPE, stderr=subprocess.PIPE,
        preexec_fn=heed_interrupts,
    )  # fmt: skip


@pytest.mark.parametrize("number", ENDS)
@pytest.mark.parametrize("script", STAGES)
def test_a_signal_among_the_imports_of_a_stage_ends_it_in_one_line(script, number, tmp_path):
    (tmp_path / "sitecustomize.py").write_text(SIGNAL_AT_IMPORT)
    environment = {"PYTHONPATH": str(tmp_path), "AT": "pydantic_core", "SIGNAL": str(number)}
    stage = start(ROOT / "stages" / script, cwd=tmp_path, **environment)
    assert stage.communicate(timeout=60) == (
        "",
        f"{ENDS[number]}; git checkout -f BRANCH && dvc checkout brings the committed results back\n",
    )
    assert stage.returncode == 128 + number


@pytest.fixture
def at_work(tmp_path) -> Iterator[subprocess.Popen[str]]:
    """A stage in the middle of its work."""
    process = start("-c", WORK, cwd=tmp_path)
    assert process.stdout.readline() == "ready\n"
    yield process
    process.kill()
    process.communicate()


@pytest.mark.parametrize("number", ENDS)
def test_a_signal_in_the_work_leaves_nothing_half_written_whatever_a_library_catches(at_work, number, tmp_path):
    assert {path.name for path in tmp_path.iterdir()} == {".out.partial", ".file.partial"}
    os.killpg(at_work.pid, number)
    assert at_work.communicate(timeout=10)[1].startswith(ENDS[number])
    assert at_work.returncode == 128 + number
    assert list(tmp_path.iterdir()) == []


def test_an_interrupt_that_was_ignored_at_the_start_stays_ignored(tmp_path):
    script = (
        "import os, signal\n"
        "signal.signal(signal.SIGINT, signal.SIG_IGN)\n"
        "from belle.stage import start_stage\n"
        "start_stage()\n"
        "os.kill(os.getpid(), signal.SIGINT)\n"
        "print('went on')\n"
    )
    assert start("-c", script, cwd=tmp_path).communicate(timeout=60) == ("went on\n", "")


@pytest.mark.skipif(sys.platform != "linux", reason="pidfd_open(2) is Linux's")
@pytest.mark.parametrize(("environment", "ends"), [({"DVC_STAGE": "train"}, True), ({}, False)])
@pytest.mark.parametrize("shell", [False, True])
def test_a_stage_ends_with_the_dvc_that_started_it_and_survives_a_shell(tmp_path, environment, ends, shell):
    (tmp_path / "work.py").write_text(WORK)
    # `; true` makes every shell stay
    command = f"{sys.executable} work.py; true" if shell else [sys.executable, "work.py"]
    starter = f"import subprocess; subprocess.run({command!r}, shell={shell})"
    parent = start("-c", starter, cwd=tmp_path, **environment)
    assert parent.stdout.readline() == "ready\n"
    parent.kill()
    parent.wait()
    if not ends:
        time.sleep(0.3)
        assert (tmp_path / ".out.partial").exists()
        os.killpg(parent.pid, signal.SIGTERM)
    # the pipe is closed when the stage has ended
    assert parent.stderr.read().startswith(ENDS[signal.SIGTERM])


def test_a_python_without_the_libraries_is_told_in_one_line(tmp_path):
    stage = start("-S", ROOT / "stages" / "train.py", cwd=tmp_path)
    assert stage.communicate(timeout=60) == (
        "",
        "error: No module named 'pydantic'; run `source .venv/bin/activate` first (`make repro` sets .venv up)\n",
    )
    assert stage.returncode == 1
