"""Atomic writes and digests: nothing half-written is ever visible under its final name."""

import hashlib
import json
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

CHUNK_BYTES = 1 << 20


@contextmanager
def fresh_directory(target: Path) -> Iterator[Path]:
    """Give an empty sibling directory that becomes `target` when the block ends well.

    On any exception the sibling is removed and an older `target` stays as it was. What a killed run left behind
    is removed by the next one.
    """
    target = Path(target)
    partial = target.with_name(f".{target.name}.partial")
    shutil.rmtree(partial, ignore_errors=True)
    partial.mkdir(parents=True)
    try:
        yield partial
    except BaseException:
        shutil.rmtree(partial, ignore_errors=True)
        raise
    if target.exists():
        # a half-deleted directory must not be seen under its final name either
        old = target.with_name(f".{target.name}.old.partial")
        shutil.rmtree(old, ignore_errors=True)
        target.rename(old)
        partial.rename(target)
        shutil.rmtree(old)
    else:
        partial.rename(target)


@contextmanager
def fresh_file(target: Path) -> Iterator[Path]:
    """Give a sibling path to write that becomes `target` when the block ends well; removed otherwise."""
    target = Path(target)
    target.parent.mkdir(parents=True, exist_ok=True)
    partial = target.with_name(f".{target.name}.partial")
    try:
        yield partial
        partial.replace(target)
    finally:
        partial.unlink(missing_ok=True)


def write_json(path: Path, value: Any) -> None:
    """Write `value` as indented JSON, keys in the given order, Chinese kept readable, atomically."""
    with fresh_file(path) as partial:
        partial.write_text(json.dumps(value, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")


def sha256_of(path: Path) -> str:
    """Return the hexadecimal SHA-256 of a file, read in constant memory."""
    digest = hashlib.sha256()
    with Path(path).open("rb") as stream:
        while chunk := stream.read(CHUNK_BYTES):
            digest.update(chunk)
    return digest.hexdigest()
