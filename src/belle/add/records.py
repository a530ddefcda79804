"""The files of an origin that hold records, and the first records in them."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import islice
from pathlib import Path
from tempfile import TemporaryDirectory

from belle.add.options import Options
from belle.add.origin import Origin
from belle.data.importers.records import Record, read_records, record_files
from belle.errors import UserError
from belle.sources.hub import first_bytes

SUFFIXES = (".json", ".jsonl")
SAMPLE_RECORDS = 100
SAMPLE_BYTES = 1 << 22
"""Of a hub file; a record longer than this cannot be looked at."""


def choose_files(origin: Origin, given: list[str] | None, options: Options) -> list[str]:
    """Return the files of an origin that hold records: all local ones; of a repository those given or the only one.

    Raises:
        UserError: a local origin holds no JSON, or a file that was given is not in the repository.
    """
    found = [name for name in origin.names if Path(name).suffix in SUFFIXES]
    named = ", ".join(origin.names[:20]) or "nothing"
    if origin.path is not None:
        if not found:
            raise UserError(
                f"{origin.text}: expected JSON Lines or a JSON array ({', '.join(SUFFIXES)}), found {named}"
            )
        return found
    if absent := [name for name in given or () if name not in origin.names]:
        raise UserError(f"{origin.text}: no file {', '.join(absent)}; the repository holds {named}")
    only = found if len(found) == 1 else None
    return options.take("--files", given or None, only, f"which of {named}") or []


@contextmanager
def sample(origin: Origin, files: list[str]) -> Iterator[Path]:
    """Yield a local origin as it is; of a repository a folder with the first records of the files."""
    if origin.path is not None:
        yield origin.path
        return
    with TemporaryDirectory() as scratch:
        for name in files:
            path = Path(scratch) / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(first_bytes(origin.text, name, origin.commit, "dataset", SAMPLE_BYTES))
            records = _before_the_cut(path)
            path.write_text("".join(json.dumps(record) + "\n" for record in records), encoding="utf-8")
        yield Path(scratch)


def first_records(path: Path) -> list[Record]:
    """Return the first records of a file, or of the first file in a folder.

    Raises:
        UserError: no JSON, not UTF-8, no rows; names file and row.
    """
    return [record for _, record in islice(read_records(record_files(path)[0]), SAMPLE_RECORDS)]


def _before_the_cut(path: Path) -> list[Record]:
    """Return the first records of a file that is cut off somewhere behind them."""
    records: list[Record] = []
    try:
        for _, record in islice(read_records(path), SAMPLE_RECORDS):
            records.append(record)
    except UserError:
        # the last one is cut off; that there is none before it is a mistake of the file
        if not records:
            raise
    return records
