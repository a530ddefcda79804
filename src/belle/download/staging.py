"""Where downloads wait until the whole stage is done: the next run goes on where a broken one stopped.

DVC removes a stage's outputs before it runs the stage again, so they cannot lie there. In a queued experiment
the working directory is thrown away too; `DVC_ROOT` is the repository then.
"""

import errno
import fcntl
import os
import shutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def staging(stage: str) -> Iterator[Path]:
    """Give a stage's folder of downloads; emptied when the block ends well, or fails for want of disk space.

    One process at a time, the next one waits: the lock lies on the folder and goes with the process that
    holds it, however that ends.
    """
    folder = Path(os.environ.get("DVC_ROOT", ".")) / ".dvc" / "tmp" / "downloads" / stage
    folder.mkdir(parents=True, exist_ok=True)
    handle = os.open(folder, os.O_RDONLY)
    try:
        _lock(handle, folder)
        yield folder
        _empty(folder)
    except OSError as error:
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            _empty(folder)
        raise
    finally:
        os.close(handle)


def place(origin: Path, target: Path) -> None:
    """Give a finished download a second name, `target`: a hard link, a copy on another file system."""
    target.parent.mkdir(parents=True, exist_ok=True)
    try:
        os.link(origin, target)
    except OSError:
        shutil.copyfile(origin, target)


def _lock(handle: int, folder: Path) -> None:
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        print(f"{folder}: another run is downloading; waiting for it", file=sys.stderr)
        fcntl.flock(handle, fcntl.LOCK_EX)


def _empty(folder: Path) -> None:
    for path in folder.iterdir():
        shutil.rmtree(path) if path.is_dir() else path.unlink()
