"""Atomic writes and digests: nothing half-written is ever visible under its final name."""

import csv
import hashlib
import json
import os
import shutil
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from belle.errors import UserError
from belle.locks import lock

_unfinished: set[Path] = set()
"""Partial directories and files that this process is writing."""


@contextmanager
def fresh_directory(target: Path) -> Iterator[Path]:
    """Yield an empty temporary directory; rename it to `target` if the block succeeds, delete it otherwise.

    When the block fails an older `target` is kept as it was. What a killed run left behind is deleted by the next one.

    Raises:
        UserError: another process is writing `target`.
    """
    target = Path(target)
    partial = partial_of(target)
    handle = _claim(partial, target)
    try:
        with _listed(partial):
            yield partial
            _replace(target, partial)
    except BaseException:
        shutil.rmtree(partial, ignore_errors=True)
        raise
    finally:
        os.close(handle)


def partial_of(target: Path) -> Path:
    """Return where `target` is until it is complete."""
    return target.with_name(f".{target.name}.partial")


def _claim(partial: Path, target: Path) -> int:
    """Make `partial` an empty directory of this process; return the handle that holds its lock."""
    while True:
        partial.mkdir(parents=True, exist_ok=True)
        try:
            handle = lock(partial)
        except FileNotFoundError:
            continue  # another process has just finished and renamed it
        except BlockingIOError:
            raise UserError(f"{target}: another run is writing it; wait until that ends, then run again") from None
        if _is_at(handle, partial):
            for entry in partial.iterdir():
                shutil.rmtree(entry) if entry.is_dir() and not entry.is_symlink() else entry.unlink()
            return handle
        os.close(handle)


def _is_at(handle: int, path: Path) -> bool:
    """Return whether an open directory still has the name `path`: its writer may have renamed it."""
    try:
        return os.path.samestat(os.fstat(handle), path.stat())
    except FileNotFoundError:
        return False


def _replace(target: Path, partial: Path) -> None:
    if not target.exists():
        partial.rename(target)
        return
    # a half-deleted directory must not be seen under its final name either
    old = target.with_name(f".{target.name}.old.partial")
    shutil.rmtree(old, ignore_errors=True)
    target.rename(old)
    partial.rename(target)
    shutil.rmtree(old)


@contextmanager
def fresh_file(target: Path) -> Iterator[Path]:
    """Yield a temporary path; rename it to `target` if the block succeeds, delete it otherwise."""
    target = Path(target)
    target.parent.mkdir(parents=True, exist_ok=True)
    partial = partial_of(target)
    try:
        with _listed(partial):
            yield partial
            partial.replace(target)
    finally:
        partial.unlink(missing_ok=True)


@contextmanager
def _listed(partial: Path) -> Iterator[None]:
    """Have `discard_unfinished` know a path while the block runs."""
    # absolute: GPTQ works in another directory for a while
    entry = partial.absolute()
    _unfinished.add(entry)
    try:
        yield
    finally:
        _unfinished.discard(entry)


def discard_unfinished() -> None:
    """Delete what this process has half-written, for a process that ends without leaving its `with` blocks."""
    for partial in tuple(_unfinished):
        shutil.rmtree(partial, ignore_errors=True) if partial.is_dir() else partial.unlink(missing_ok=True)


def write_json(path: Path, value: Any) -> None:
    """Write `value` as indented JSON, keys in the given order, Chinese kept readable, atomically."""
    with fresh_file(path) as partial:
        partial.write_text(json.dumps(value, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")


def write_tsv(path: Path, header: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    """Write a table with tabs between the columns, atomically; None is an empty cell."""
    with fresh_file(path) as partial, partial.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream, delimiter="\t", lineterminator="\n")
        writer.writerow(header)
        writer.writerows(rows)


def read_json_object(path: Path, repair: str, name: str = "") -> dict[str, Any]:
    """Read a file that holds one JSON object.

    Args:
        path: the file.
        repair: what to do about a missing or broken file; ends the error.
        name: what the error calls the file, when its path is a temporary one.

    Raises:
        UserError: no such file, not JSON, or something else than an object.
    """
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise UserError(f"{name or path}: no such file; {repair}") from None
    except (ValueError, RecursionError):
        found = None
    if not isinstance(found, dict):
        raise UserError(f"{name or path}: broken or cut off: expected one JSON object; {repair}")
    return found


def sha256_of(path: Path) -> str:
    """Return the hexadecimal SHA-256 of a file, or of the sorted names and digests of all files in a directory."""
    if path.is_dir():
        files = sorted(file for file in path.rglob("*") if file.is_file())
        lines = [f"{sha256_of(file)}  {file.relative_to(path).as_posix()}\n" for file in files]
        return hashlib.sha256("".join(lines).encode()).hexdigest()
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()
