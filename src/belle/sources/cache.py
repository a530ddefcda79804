"""The download cache: finished files wait here until their stage succeeds, so that the next run resumes.

DVC deletes the outputs of a stage before it runs the stage again, so the files cannot wait there. In a queued
experiment the working directory is deleted too; `DVC_ROOT` is the repository then. The files of data sources stay
afterwards: the stage that imports them runs again whenever a source is added, and must not download the others again.
"""

import errno
import os
import shutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from belle.locks import lock
from belle.repository import repository_root

DATA_CACHE = "data"
"""Name of the cache directory of data sources."""


@contextmanager
def download_cache(name: str, keep: bool = False) -> Iterator[Path]:
    """Yield the cache directory `name`; empty it if the block succeeds, or fails for lack of disk space.

    One process at a time: a second one waits.

    Args:
        name: what is downloaded.
        keep: leave the files there when the block succeeds.
    """
    folder = repository_root() / ".dvc" / "tmp" / "downloads" / name
    folder.mkdir(parents=True, exist_ok=True)
    handle = _wait_for(folder)
    try:
        yield folder
        if not keep:
            _empty(folder)
    except OSError as error:
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            _empty(folder)
        raise
    finally:
        os.close(handle)


def link_or_copy(origin: Path, target: Path) -> None:
    """Hard-link a finished download to `target`; copy it across file systems."""
    target.parent.mkdir(parents=True, exist_ok=True)
    try:
        os.link(origin, target)
    except OSError:
        shutil.copyfile(origin, target)


def _wait_for(folder: Path) -> int:
    try:
        return lock(folder)
    except BlockingIOError:
        print(f"{folder}: another run is downloading; waiting for it", file=sys.stderr)
        return lock(folder, wait=True)


def _empty(folder: Path) -> None:
    for path in folder.iterdir():
        shutil.rmtree(path) if path.is_dir() else path.unlink()
