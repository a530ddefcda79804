import errno
import os
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest

from belle.errors import UserError
from belle.stage import check_configuration, run

ROOT = Path(__file__).resolve().parents[1]


def failing(error: BaseException):
    def main() -> None:
        raise error

    return main


def test_a_stage_that_succeeds_is_left_alone():
    assert run(lambda: None) is None


def test_every_problem_of_a_mistake_is_a_line():
    with pytest.raises(SystemExit) as stop:
        run(failing(UserError("a.json: row 3: no messages\nb.json: row 4: no role")))
    assert stop.value.code == "error: a.json: row 3: no messages\nerror: b.json: row 4: no role"


class RustError(Exception):
    """As safetensors raises: no errno, the system's words in the message."""


@pytest.mark.parametrize(
    ("error", "target"),
    [
        (OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), "models/base"), "models/base"),
        (OSError(errno.EDQUOT, os.strerror(errno.EDQUOT)), "data"),
        (RustError("Error while serializing: I/O error: No space left on device (os error 28)"), "data"),
    ],
)
def test_a_full_disk_is_named_by_its_file_or_the_folder_with_least_space(error, target, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    for name in ("data", "models"):
        Path(name).mkdir()
    monkeypatch.setattr("shutil.disk_usage", lambda folder: SimpleNamespace(free=0 if folder == "data" else 9))
    with pytest.raises(SystemExit) as stop:
        run(failing(error))
    assert stop.value.code.startswith(f"error: {target}: ")
    assert "disk is full" in stop.value.code


@pytest.mark.parametrize(
    "error",
    [ValueError("a bug"), OSError(errno.EACCES, "denied"), FileNotFoundError(2, "no", "x"), RustError("else")],
)
def test_an_unforeseen_error_keeps_its_traceback(error):
    with pytest.raises(type(error)) as raised:
        run(failing(error))
    assert raised.value is error


@pytest.mark.parametrize("code", [errno.EACCES, errno.EPERM, errno.EROFS, errno.ENOTDIR, errno.EISDIR])
def test_a_path_that_cannot_be_used_is_named(code):
    with pytest.raises(SystemExit) as stop:
        run(failing(OSError(code, os.strerror(code), "models/base")))
    assert stop.value.code == f"error: models/base: {os.strerror(code)}"


def test_an_exit_keeps_its_code():
    with pytest.raises(SystemExit) as stop:
        run(failing(SystemExit(3)))
    assert stop.value.code == 3


def run_script(body: str) -> subprocess.CompletedProcess:
    """Run a stage script in a process of its own, as dvc does."""
    script = f"import sys\nsys.path[0] = {str(ROOT / 'src')!r}\n{body}"
    return subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=False)


def test_a_mistake_goes_to_standard_error_with_exit_code_1():
    mistake = "raise UserError('one\\ntwo')"
    done = run_script(
        f"from belle.errors import UserError\nfrom belle.stage import run\ndef main(): {mistake}\nrun(main)"
    )
    assert (done.returncode, done.stdout, done.stderr) == (1, "", "error: one\nerror: two\n")


CHECKED = "from belle.stage import check_configuration, run\nrun(check_configuration)\nprint('went on')"


def test_a_wrong_later_section_stops_an_early_stage(change):
    done = run_script(CHECKED)
    assert (done.returncode, done.stdout, done.stderr) == (0, "went on\n", "")
    change("params.yaml", {"quantize.gptq.group_size": 33, "seed": -1})
    done = run_script(CHECKED)
    assert (done.returncode, done.stdout) == (1, "")
    *problems, remedy = done.stderr.splitlines()
    assert [line.split(": ")[:3] for line in problems] == [
        ["error", "params.yaml", "seed"],
        ["error", "params.yaml", "quantize.gptq.group_size"],
    ]
    assert "git checkout params.yaml && dvc checkout" in remedy


def test_the_check_is_the_one_of_this_checkout(tmp_path, monkeypatch):
    """An experiment in a copy of the repository is not checked by another copy's code."""
    other = tmp_path / "belle"
    other.mkdir()
    (other / "__init__.py").write_text("raise SystemExit(9)")
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    monkeypatch.chdir(ROOT)
    check_configuration()
