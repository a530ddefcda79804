"""Read records (mappings) from JSON Lines, JSON arrays and Parquet files, and typed values from a record.

A value that does not fit raises a `RowError`, which says what is wrong by key; file and row are added here.
"""

import json
import sys
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any, TypeVar

import pyarrow as pa
import pyarrow.parquet as pq

from belle.data.importers.json_array import read_array
from belle.errors import UserError

Record = dict[str, Any]


class RowError(Exception):
    """A record does not fit its format: which key, what was expected, what was found."""


def kind_of(value: object) -> str:
    """Return what a value is called in JSON."""
    kinds = {type(None): "null", bool: "true or false", str: "a string", list: "a list", dict: "a mapping"}
    return kinds.get(type(value), "a number")


def text_of(record: Record, key: str) -> str:
    """Return the string under a key; it must be there and be encodable (no lone surrogates)."""
    value = _value(record, key)
    if not isinstance(value, str):
        raise RowError(f"key {key!r}: expected a string, found {kind_of(value)}")
    try:
        value.encode("utf-8")
    except UnicodeEncodeError:
        raise RowError(f"key {key!r}: holds half of a surrogate pair, which is no character") from None
    return value


def filled_text_of(record: Record, key: str) -> str:
    """Return the string under a key; it must hold more than blanks."""
    value = text_of(record, key)
    if not value.strip():
        raise RowError(f"key {key!r}: is empty; fill it in or remove the row")
    return value


def optional_text(record: Record, key: str) -> str | None:
    """Return the string under a key; None when the key is absent or null."""
    return None if record.get(key) is None else text_of(record, key)


def own_id(record: Record) -> str | None:
    """Return the id that a record brings, a string or an integer, as text; None when it brings none."""
    own = record.get("id")
    if own is None or own == "":
        return None
    if isinstance(own, bool) or not isinstance(own, int | str):
        raise RowError(f"key 'id': expected a string or an integer, found {kind_of(own)}")
    return str(own) if isinstance(own, int) else text_of(record, "id")


def list_of(record: Record, key: str) -> list[Record]:
    """Return the list of mappings under a key."""
    value = _value(record, key)
    if not isinstance(value, list) or not all(isinstance(item, dict) for item in value):
        raise RowError(f"key {key!r}: expected a list of mappings, found {kind_of(value)}")
    return value


def _value(record: Record, key: str) -> object:
    if key not in record:
        raise RowError(f"key {key!r} is missing; the row has {', '.join(map(repr, record)) or 'no keys'}")
    return record[key]


T = TypeVar("T")

SUFFIXES = (".json", ".jsonl", ".parquet")
ROWS_AT_ONCE = 1000
Problem = tuple[str, int, str]
"""File, row, and what is wrong there."""
MOST_PROBLEMS = 10
"""Rows that do not fit, named in one error; then the import stops."""


def record_files(folder: Path) -> list[Path]:
    """Return the files below a folder that hold records, by name, or the one file; others are named on stderr.

    Raises:
        UserError: none does.
    """
    files = [folder] if folder.is_file() else sorted(path for path in folder.rglob("*") if path.is_file())
    for path in files:
        if path.suffix not in SUFFIXES:
            print(
                f"{path.relative_to(folder) if path != folder else path}: left out, not one of {', '.join(SUFFIXES)}",
                file=sys.stderr,
            )
    found = [path for path in files if path.suffix in SUFFIXES]
    if not found:
        raise UserError(f"no file of the source ends in {', '.join(SUFFIXES)}; correct the source in the profile")
    return found


def convert_records(files: Iterable[Path], convert: Callable[[int, Record], T]) -> Iterator[T]:
    """Yield `convert(number, record)` for every record of the files; numbers run from 1 through all of them.

    Rows that do not fit are collected, up to `MOST_PROBLEMS`, so that they can be repaired at once.

    Raises:
        UserError: a file cannot be read, or `convert` raised RowErrors; names file, row and key of each.
    """
    number, problems = 0, list[Problem]()
    for path in files:
        for row, record in read_records(path):
            number += 1
            try:
                converted = convert(number, record)
            except RowError as error:
                problems.append((path.name, row, str(error)))
                if len(problems) == MOST_PROBLEMS:
                    last = f"{path.name}: no row after {row} was looked at"
                    raise UserError("\n".join([*_grouped(problems), last])) from None
                continue
            yield converted
    if problems:
        raise UserError("\n".join(_grouped(problems)))


def _grouped(problems: list[Problem]) -> list[str]:
    """Return one line per file and problem, with all rows that have it."""
    rows: dict[tuple[str, str], list[int]] = {}
    for name, row, problem in problems:
        rows.setdefault((name, problem), []).append(row)
    return [
        f"{name}: {'row' if len(found) == 1 else 'rows'} {', '.join(map(str, found))}: {problem}"
        for (name, problem), found in rows.items()
    ]


def read_records(path: Path) -> Iterator[tuple[int, Record]]:
    """Yield each record of a file with its row number, from 1.

    A `.json` or `.jsonl` file is a JSON array when its first character is `[`, otherwise JSON Lines (as are
    BELLE's `.json` files). Blank lines are passed over and not counted.

    Raises:
        UserError: no rows, not UTF-8, broken JSON, JSON nested too deeply, an integer of over 4300 digits, or a row
            that is no mapping; names the file and the row.
    """
    row = 0
    try:
        for row, record in enumerate(_values(path), start=1):
            if not isinstance(record, dict):
                raise UserError(f"{path.name}: row {row}: expected a mapping of keys, found {kind_of(record)}")
            yield row, record
    except UnicodeDecodeError:
        raise UserError(
            f"{path.name}: not UTF-8 text; convert it, as in `iconv -f gbk -t utf-8` (or -f utf-16), and import that"
        ) from None
    except (ValueError, RecursionError, pa.ArrowException) as error:
        raise UserError(
            f"{path.name}: row {row + 1}: broken or cut off ({_reason(error)}); repair or fetch it again"
        ) from None
    if row == 0:
        raise UserError(f"{path.name}: holds no rows")


def _values(path: Path) -> Iterator[Any]:
    if path.suffix == ".parquet":
        for batch in pq.ParquetFile(path).iter_batches(batch_size=ROWS_AT_ONCE):
            yield from batch.to_pylist()
        return
    # utf-8-sig: some Windows programs write a byte-order mark in front of UTF-8
    with path.open(encoding="utf-8-sig") as stream:
        first = next((line.lstrip()[0] for line in stream if line.strip()), "")
        stream.seek(0)
        yield from read_array(stream) if first == "[" else _lines(stream)


def _lines(lines: Iterable[str]) -> Iterator[Any]:
    for line in lines:
        if line.strip():
            yield json.loads(line)


def _reason(error: Exception) -> str:
    if isinstance(error, json.JSONDecodeError):
        return error.msg.removesuffix(" at")
    if isinstance(error, RecursionError):
        return "nested too deeply"
    # what follows a semicolon is advice on the interpreter's settings
    return " ".join(str(error).partition(";")[0].split())
