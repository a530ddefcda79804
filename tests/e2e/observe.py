"""See which files of a repository a stage opens: by Python's audit events, and by inotify for native libraries.

The audit hook sees what the stage's own process opens, code included; the process that checks the configuration is
left out. Libraries in C++ and Rust read Parquet and weights without an audit event: inotify(7) sees those.
"""

import ctypes
import os
import struct
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import source_from_cache
from pathlib import Path

HOOK = """
import os, sys
if os.environ.get("OBSERVED") and "belle.cli" not in sys.orig_argv:
    log = os.open(os.environ["OBSERVED"], os.O_WRONLY | os.O_APPEND | os.O_CREAT)
    def record(event, arguments):
        # removing a directory opens it too
        if event == "open" and isinstance(arguments[0], (str, bytes)) and not os.path.isdir(arguments[0]):
            os.write(log, os.path.abspath(os.fsencode(arguments[0])) + b"\\n")
    sys.addaudithook(record)
"""
"""Python runs a module of the name sitecustomize at every start."""

IN_OPEN, IN_ISDIR, IN_NONBLOCK = 0x20, 0x40000000, 0o4000
EVENT = struct.Struct("iIII")


def write_hook(folder: Path) -> dict[str, str]:
    """Write the audit hook into `folder`; return the environment that makes Python run it."""
    folder.mkdir()
    (folder / "sitecustomize.py").write_text(HOOK, encoding="utf-8")
    return {"PYTHONPATH": str(folder), "OBSERVED": str(folder / "opened.txt")}


def opened_by_python(log: Path, root: Path) -> set[Path]:
    """Return the files below `root` in the log of the audit hook, relative to it; bytecode counts as its source."""
    paths = {Path(os.fsdecode(line)) for line in log.read_bytes().splitlines()}
    below = {path.relative_to(root) for path in paths if path.is_relative_to(root)}
    return {Path(source_from_cache(path)) if path.suffix == ".pyc" else path for path in below if path.suffix != ""}


@contextmanager
def opened_by_anyone(root: Path, folders: list[str]) -> Iterator[set[Path]]:
    """Watch the files that now lie below some folders of `root`; what was opened is in the set after the block."""
    libc, opened = ctypes.CDLL(None, use_errno=True), set()
    handle = libc.inotify_init1(IN_NONBLOCK)
    watched = {}
    for directory in (path for folder in folders for path in [root / folder, *(root / folder).rglob("*")]):
        if directory.is_dir():
            watched[libc.inotify_add_watch(handle, os.fsencode(directory), IN_OPEN)] = directory.relative_to(root)
    try:
        yield opened
        opened |= set(_events(handle, watched))
    finally:
        os.close(handle)


def _events(handle: int, watched: dict[int, Path]) -> Iterator[Path]:
    while True:
        try:
            data = os.read(handle, 1 << 20)
        except BlockingIOError:
            return
        at = 0
        while at < len(data):
            watch, mask, _, length = EVENT.unpack_from(data, at)
            assert watch in watched, "the kernel's queue of events overflowed, or a watched folder was removed"
            name = data[at + EVENT.size : at + EVENT.size + length].rstrip(b"\0")
            at += EVENT.size + length
            if not mask & IN_ISDIR:
                yield watched[watch] / os.fsdecode(name)
