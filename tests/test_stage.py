import errno
import os
import subprocess
import sys
from pathlib import Path

import pytest

from belle.errors import UserError
from belle.stage import check_configuration, run

ROOT = Path(__file__).resolve().parents[1]


def failing(error: BaseException):
    def main() -> None:
        raise error

    return main


def test_a_stage_that_ends_well_is_left_alone():
    assert run(lambda: None) is None


def test_a_users_mistake_is_one_line_a_problem():
    with pytest.raises(SystemExit) as stop:
        run(failing(UserError("a.json: row 3: no messages\nb.json: row 4: no role")))
    assert stop.value.code == "error: a.json: row 3: no messages\nerror: b.json: row 4: no role"


class RustError(Exception):
    """As safetensors raises: no errno, the system's words in the message."""


@pytest.mark.parametrize(
    ("error", "target"),
    [
        (OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), "models/base"), "models/base"),
        (OSError(errno.EDQUOT, os.strerror(errno.EDQUOT)), "an output"),
        (RustError("Error while serializing: I/O error: No space left on device (os error 28)"), "an output"),
    ],
)
def test_a_full_disk(error, target):
    with pytest.raises(SystemExit) as stop:
        run(failing(error))
    assert stop.value.code == f"error: {target}: the disk is full; nothing was kept; free space, run again"


@pytest.mark.parametrize(
    "error",
    [ValueError("a bug"), OSError(errno.EACCES, "denied"), FileNotFoundError(2, "no", "x"), RustError("else")],
)
def test_what_is_no_users_mistake_keeps_its_traceback(error):
    with pytest.raises(type(error)) as raised:
        run(failing(error))
    assert raised.value is error


@pytest.mark.parametrize("code", [errno.EACCES, errno.EPERM, errno.EROFS, errno.ENOTDIR, errno.EISDIR])
def test_a_barred_path_is_named(code):
    with pytest.raises(SystemExit) as stop:
        run(failing(OSError(code, os.strerror(code), "models/base")))
    assert stop.value.code == f"error: models/base: {os.strerror(code)}"


@pytest.mark.parametrize(("error", "code"), [(KeyboardInterrupt(), 130), (SystemExit(3), 3)])
def test_interrupts_and_exits(error, code):
    with pytest.raises(SystemExit) as stop:
        run(failing(error))
    assert stop.value.code == code


def stage(body: str) -> subprocess.CompletedProcess:
    """Run a stage script in a process of its own, as dvc does."""
    script = f"import sys\nsys.path[0] = {str(ROOT / 'src')!r}\n{body}"
    return subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=False)


def test_exit_code_and_streams():
    mistake = "raise UserError('one\\ntwo')"
    done = stage(f"from belle.errors import UserError\nfrom belle.stage import run\ndef main(): {mistake}\nrun(main)")
    assert (done.returncode, done.stdout, done.stderr) == (1, "", "error: one\nerror: two\n")


CHECKED = "from belle.stage import check_configuration, run\nrun(check_configuration)\nprint('went on')"


def test_a_wrong_later_section_stops_an_early_stage(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    Path("configs").symlink_to(ROOT / "configs")
    good = (ROOT / "params.yaml").read_text()
    Path("params.yaml").write_text(good)
    done = stage(CHECKED)
    assert (done.returncode, done.stdout, done.stderr) == (0, "went on\n", "")
    Path("params.yaml").write_text(good.replace("group_size: 32", "group_size: 33").replace("seed: 42", "sed: 42"))
    done = stage(CHECKED)
    assert (done.returncode, done.stdout) == (1, "")
    assert [line.split(": ")[:3] for line in done.stderr.splitlines()] == [
        ["error", "params.yaml", "seed"],
        ["error", "params.yaml", "quantize.gptq.group_size"],
        ["error", "params.yaml", "sed"],
    ]


def test_the_check_is_the_one_of_this_checkout(tmp_path, monkeypatch):
    """An experiment in a copy of the repository is not checked by another copy's code."""
    other = tmp_path / "belle"
    other.mkdir()
    (other / "__init__.py").write_text("raise SystemExit(9)")
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    monkeypatch.chdir(ROOT)
    check_configuration()
