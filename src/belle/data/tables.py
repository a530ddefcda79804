"""The tables of data/raw and data/clean: conversations and plain texts, as Parquet (zstd).

One row of `conversations.parquet` is a conversation, one row of `texts.parquet` a text for pre-training. Rows keep
the order they are written in, and the bytes of a file depend on its rows alone.
"""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from belle.errors import UserError

CONVERSATIONS = "conversations.parquet"
TEXTS = "texts.parquet"
ROWS_PER_GROUP = 10_000
CHARACTERS_PER_GROUP = 8 << 20
"""Whoever reads a table holds a group of it: books are not read by thousands."""
FORMAT = {"compression": "zstd", "write_page_checksum": True}
"""How every table is written: with a CRC-32 of each page, which readers here compare."""

Row = dict[str, Any]

MESSAGE = pa.struct([pa.field("role", pa.string()), pa.field("content", pa.string())])
CONVERSATION_SCHEMA = pa.schema(
    [
        pa.field("id", pa.string()),
        pa.field("source", pa.string()),
        pa.field("language", pa.string()),
        pa.field("category", pa.string()),
        pa.field("messages", pa.list_(MESSAGE)),
    ]
)
"""`category` may be null; `messages` is a list of {role: system | user | assistant, content}."""

TEXT_SCHEMA = pa.schema([pa.field(name, pa.string()) for name in ("id", "source", "language", "text")])

MALFORMED_SCHEMA = pa.schema(
    [
        pa.field("source", pa.string()),
        pa.field("file", pa.string()),
        pa.field("row", pa.int64()),
        pa.field("problem", pa.string()),
        pa.field("text", pa.string()),
    ]
)
"""Rows that no importer could read and that were tolerated: `row` counts from 1 in `file`, `text` is the row itself."""


def write_table(path: Path, rows: Iterable[Row], schema: pa.Schema) -> int:
    """Write rows one group at a time, in constant memory, whatever their length; return how many there were."""
    count = 0
    with pq.ParquetWriter(path, schema, **FORMAT) as writer:
        for group in _groups(rows):
            writer.write_table(pa.Table.from_pylist(group, schema=schema))
            count += len(group)
    return count


def _groups(rows: Iterable[Row]) -> Iterator[list[Row]]:
    """Yield lists of rows: `ROWS_PER_GROUP`, or fewer with `CHARACTERS_PER_GROUP`."""
    group: list[Row] = []
    characters = 0
    for row in rows:
        group.append(row)
        characters += _characters(row)
        if len(group) == ROWS_PER_GROUP or characters >= CHARACTERS_PER_GROUP:
            yield group
            group, characters = [], 0
    if group:
        yield group


def _characters(row: Row) -> int:
    """Return the characters of a conversation, or of what else a row holds as strings."""
    if messages := row.get("messages"):
        return sum([len(message["content"] or "") for message in messages])
    return sum([len(text) for text in row.values() if isinstance(text, str)])


def read_table(path: Path, columns: list[str] | None = None) -> Iterator[Row]:
    """Yield the rows of a table in order, in constant memory; `columns` limits what is read.

    Raises:
        UserError: no such file, or a damaged one.
    """
    for batch in read_batches(path, 1000, columns):
        with _damage_named(path):
            rows = batch.to_pylist()
        yield from rows


def read_batches(path: Path, size: int, columns: list[str] | None = None) -> Iterator[pa.RecordBatch]:
    """Yield the rows of a table in order, at most `size` at once, in memory that does not grow with their number.

    Raises:
        UserError: no such file, or a damaged one.
    """
    with _damage_named(path), pq.ParquetFile(path, page_checksum_verification=True) as table:
        # over all groups at once pyarrow (25.0) keeps more memory the more groups it has read
        for group in range(table.num_row_groups):
            yield from table.iter_batches(size, row_groups=[group], columns=columns)


@contextmanager
def _damage_named(path: Path) -> Iterator[None]:
    repair = f"run `dvc repro {'clean' if path.parent.name == 'clean' else 'download_data'}`"
    try:
        yield
    except FileNotFoundError:
        raise UserError(f"{path}: no such file; {repair}") from None
    except (pa.ArrowException, UnicodeDecodeError, OSError) as error:
        if getattr(error, "errno", None):
            raise  # the system's, a forbidden path for one; those about the content carry no number
        raise UserError(f"{path}: damaged, cut off or no Parquet file; {repair}") from None
