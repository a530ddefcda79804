"""Read the rows of JSON Lines, JSON arrays, CSV, Parquet and Arrow files, in constant memory.

A row that cannot be read but does not hide the rows behind it (a broken line, a CSV row with too many fields) is
yielded as an `UnreadableRow`, for the import to tolerate or to refuse; damage behind which nothing can be found is an
error of the file.
"""

import csv
import io
import json
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

import pyarrow as pa
import pyarrow.parquet as pq

from belle.data.importers.json_array import MOST_CHARACTERS, read_array
from belle.errors import UserError

ROWS_AT_ONCE = 1000
READ_BYTES = 1 << 20
BOM = b"\xef\xbb\xbf"
"""Some Windows programs write it in front of UTF-8."""
NO_ROWS = {"dataset_info.json", "dataset_infos.json", "dataset_dict.json", "state.json"}
"""What `datasets` writes beside the rows that it saves."""
NOT_UTF8 = "not UTF-8 text; convert it, as in `iconv -f gbk -t utf-8` (or -f utf-16), and import that"


@dataclass(frozen=True)
class UnreadableRow:
    """A row that is no record: what is wrong with it, and its text as far as it is one."""

    problem: str
    text: str


def record_files(folder: Path) -> list[Path]:
    """Return the files below a folder that hold records, by name, or the one file; others are named on stderr.

    Raises:
        UserError: none does.
    """
    files = [folder] if folder.is_file() else sorted(path for path in folder.rglob("*") if path.is_file())
    for path in files:
        if not holds_records(path.name):
            name = path.relative_to(folder) if path != folder else path
            print(f"{name}: left out, holds no rows in one of the formats {ENDINGS}", file=sys.stderr)
    found = [path for path in files if holds_records(path.name)]
    if not found:
        raise UserError(f"no file of the source ends in {ENDINGS}; correct the source in the profile")
    return found


def holds_records(name: str) -> bool:
    """Return whether a file of this name is one that rows are read from."""
    return _suffix(name) in READERS and Path(name).name not in NO_ROWS


def is_text(name: str) -> bool:
    """Return whether the rows of a file can be read from its beginning alone."""
    return holds_records(name) and _suffix(name) in TEXT_FORMATS


def read_rows(path: Path) -> Iterator[Any]:
    """Yield the values of a file in order: mappings, or what stands where one should, or an `UnreadableRow`.

    A `.json` or `.jsonl` file is a JSON array when its first character is `[`, otherwise JSON Lines (as are
    BELLE's `.json` files). Blank lines are passed over and not counted.

    Raises:
        UserError: no rows, or damage that hides the rows behind it; names the file and the row.
    """
    row = 0
    try:
        for value in READERS[_suffix(path.name)](path):
            yield value
            row += 1
    except UnicodeDecodeError:
        raise UserError(f"{path.name}: {NOT_UTF8}") from None
    except (ValueError, RecursionError, csv.Error, pa.ArrowException, OSError) as error:
        if getattr(error, "errno", None):
            raise  # this machine's; those about the content carry no number
        raise UserError(
            f"{path.name}: row {row + 1}: broken or cut off ({_reason(error)}); repair or fetch it again"
        ) from None
    if row == 0:
        raise UserError(f"{path.name}: holds no rows")


def ending(name: str) -> str:
    """Return the suffix of a file, with the one before it where it is compressed: `.csv`, `.jsonl.gz`."""
    path = Path(name)
    return "".join(path.suffixes[-2:]) if path.suffix in COMPRESSIONS else path.suffix


def _suffix(name: str) -> str:
    """Return the ending that says how a file is written; that of a compression is passed over."""
    path = Path(name)
    inner = Path(path.stem).suffix if path.suffix in COMPRESSIONS else ""
    return inner if inner in TEXT_FORMATS else path.suffix


def _json(path: Path) -> Iterator[Any]:
    with _open(path) as stream:
        is_array = _first_byte(stream) == b"["
    with _open(path) as stream:
        if not is_array:
            yield from _lines(stream)
            return
        with io.TextIOWrapper(stream, encoding="utf-8-sig") as text:
            yield from read_array(text)


def _open(path: Path) -> BinaryIO:
    """Open a file for reading bytes, decompressed where its name says that it is compressed."""
    if path.suffix not in COMPRESSIONS:
        return path.open("rb")
    return io.BufferedReader(pa.input_stream(str(path), compression="detect"))


def _first_byte(stream: BinaryIO) -> bytes:
    """Return the first byte that is neither blank nor of a byte-order mark, whatever the length of a line."""
    while chunk := stream.read(READ_BYTES):
        if found := chunk.removeprefix(BOM).lstrip():
            return found[:1]
    return b""


def _lines(stream: BinaryIO) -> Iterator[Any]:
    first = True
    while line := stream.readline(MOST_CHARACTERS + 1):
        if len(line) > MOST_CHARACTERS:
            raise ValueError(f"a line of more than {MOST_CHARACTERS >> 20} MiB")
        if line := (line.removeprefix(BOM) if first else line).strip():
            yield _parse(line)
        first = False


def _parse(line: bytes) -> Any:
    try:
        return json.loads(line.decode("utf-8"))
    except UnicodeDecodeError:
        return UnreadableRow(NOT_UTF8, line.decode("utf-8", "replace"))
    except (ValueError, RecursionError) as error:
        return UnreadableRow(f"broken or cut off ({_reason(error)}); repair or fetch it again", line.decode("utf-8"))


def _csv(path: Path) -> Iterator[Any]:
    """Yield a mapping for each row behind the first one, which names the columns; all values are strings."""
    csv.field_size_limit(MOST_CHARACTERS)
    with _open(path) as stream, io.TextIOWrapper(stream, encoding="utf-8-sig", newline="") as text:
        rows = csv.reader(text, strict=True)
        names = next(rows, [])
        if repeated := sorted({name for name in names if names.count(name) > 1}):
            raise ValueError(f"the first row names a column twice: {', '.join(repeated)}")
        for fields in filter(None, rows):
            if len(fields) == len(names):
                yield dict(zip(names, fields, strict=True))
            else:
                problem = f"expected {len(names)} fields as in the first row of the file, found {len(fields)}"
                yield UnreadableRow(problem, ",".join(fields))


def _parquet(path: Path) -> Iterator[Any]:
    # by default a whole row group is held, and a file may have one
    with pq.ParquetFile(path, pre_buffer=False, buffer_size=READ_BYTES) as table:
        for batch in table.iter_batches(ROWS_AT_ONCE):
            yield from batch.to_pylist()


def _arrow(path: Path) -> Iterator[Any]:
    """Read Arrow's IPC file format, or its stream format, which `datasets` saves."""
    with pa.memory_map(str(path)) as stream:
        is_file = stream.read(6) == b"ARROW1"
        stream.seek(0)
        for batch in _batches(pa.ipc.open_file(stream) if is_file else pa.ipc.open_stream(stream)):
            for start in range(0, batch.num_rows, ROWS_AT_ONCE):
                yield from batch.slice(start, ROWS_AT_ONCE).to_pylist()


def _batches(reader: Any) -> Iterator[pa.RecordBatch]:
    if isinstance(reader, pa.ipc.RecordBatchFileReader):
        yield from map(reader.get_batch, range(reader.num_record_batches))
    else:
        yield from reader


def _reason(error: Exception) -> str:
    if isinstance(error, json.JSONDecodeError):
        return error.msg.removesuffix(" at")
    if isinstance(error, RecursionError):
        return "nested too deeply"
    # what follows a semicolon is advice on the interpreter's settings
    return " ".join(str(error).partition(";")[0].split())


READERS: dict[str, Callable[[Path], Iterator[Any]]] = {
    ".json": _json,
    ".jsonl": _json,
    ".csv": _csv,
    ".parquet": _parquet,
    ".arrow": _arrow,
}
TEXT_FORMATS = (".json", ".jsonl", ".csv")
COMPRESSIONS = (".gz", ".zst")
ENDINGS = f"{', '.join(READERS)} ({', '.join(TEXT_FORMATS)} also with {' or '.join(COMPRESSIONS)})"
"""As people read it."""
