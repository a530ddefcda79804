"""Run a stage script or the command line: errors for people, and the check of the whole configuration."""

import errno
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from tempfile import gettempdir
from types import TracebackType

from belle.errors import UserError
from belle.signals import end_on_signals, end_with_parent

SOURCE = Path(__file__).resolve().parent.parent

# Threads that wait spin for microseconds, then sleep: 40 % more speed than sleeping at once on idle cores, and no
# standstill beside another process, as with libgomp's own 300,000 spins (docs/mini.md). Read when torch is imported.
os.environ.setdefault("GOMP_SPINCOUNT", "1000")
FULL = (errno.ENOSPC, errno.EDQUOT)
PATH_ERRORS = (errno.EACCES, errno.EPERM, errno.EROFS, errno.ENOTDIR, errno.EISDIR)
"""Permission denied, read-only file system, file where a directory is expected, or the reverse."""
RESTORE = "; git checkout -f BRANCH && dvc checkout brings the committed results back"


def start_stage() -> None:
    """Prepare the process of a stage; every stage script does so before it imports a library.

    From then on an interrupt ends it in one line, and so does the death of the dvc that started it. (Started by hand it
    outlives its shell, as under nohup.) A library that is not there is one line, too.
    """
    end_on_signals(RESTORE)
    sys.excepthook = _say_what_is_missing
    if "DVC_STAGE" in os.environ:
        end_with_parent()


def _say_what_is_missing(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
    if isinstance(error, ModuleNotFoundError) and not str(error.name).startswith("belle"):
        print(f"error: {error}; run `source .venv/bin/activate` first (`make repro` sets .venv up)", file=sys.stderr)
    else:
        sys.__excepthook__(kind, error, trace)


def run(main: Callable[[], None]) -> None:
    """Run `main`; a user's mistake, a full disk or a forbidden path ends it with plain lines and exit code 1."""
    try:
        main()
    except UserError as error:
        sys.exit("\n".join(f"error: {line}" for line in str(error).splitlines()))
    except Exception as error:
        target = getattr(error, "filename", None)
        if _disk_is_full(error):
            sys.exit(f"error: {target or _fullest_folder()}: the disk is full; nothing was kept; free space, run again")
        if isinstance(error, OSError) and error.errno in PATH_ERRORS and target:
            sys.exit(f"error: {target}: {error.strerror}")
        raise


def _disk_is_full(error: Exception) -> bool:
    # libraries written in Rust (safetensors, tokenizers, Daft) say it in words only
    return getattr(error, "errno", None) in FULL or any(os.strerror(code) in str(error) for code in FULL)


def _fullest_folder() -> str:
    """Return the folder that stages write to whose disk has the least free space; few libraries name the file."""
    folders = [folder for folder in ("data", "models", "eval", "metrics", gettempdir()) if Path(folder).is_dir()]
    return min(folders, key=lambda folder: shutil.disk_usage(folder).free)


def run_stage(main: Callable[[], None]) -> None:
    """Run the `main` of a stage script, after the check of the whole configuration; end the process."""

    def checked() -> None:
        check_configuration()
        main()

    run(checked)
    # not Python's own end: it takes a second with torch, has no answer to Ctrl-C, and Daft's threads may crash in it
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(0)


def check_configuration() -> None:
    """Run `belle check` before any work, so that a mistake in a later stage's section is found first.

    In a process of its own: what it reads cannot change this stage's outputs, so it is no dependency of it.
    """
    environment = os.environ | {"PYTHONPATH": str(SOURCE)}
    # in a group of its own: Ctrl-C is answered once, here
    command = [sys.executable, "-m", "belle.cli", "check", "--quiet"]
    done = subprocess.run(command, env=environment, process_group=0, check=False)
    if done.returncode:
        _show_git_the_change(Path("params.yaml"))
        print(
            "error: correct it, or get the committed values back: git checkout params.yaml && dvc checkout",
            file=sys.stderr,
        )
        sys.exit(done.returncode)


def _show_git_the_change(path: Path) -> None:
    """Move a file's time to the next second.

    DVC rewrites Git's index in the second in which `-S` edits params.yaml. Git then takes a value of the same length
    for the committed one, and `git checkout` would leave the mistake in place.
    """
    if path.exists():
        later = int(path.stat().st_mtime) + 1
        os.utime(path, (later, later))
