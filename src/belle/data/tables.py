"""The two tables of data/raw and data/clean: conversations and plain texts, as Parquet (zstd).

One row of `conversations.parquet` is a conversation, one row of `texts.parquet` a text for pre-training. Rows keep
the order they are written in, and the bytes of a file depend on its rows alone.
"""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from itertools import islice
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from belle.errors import UserError

CONVERSATIONS = "conversations.parquet"
TEXTS = "texts.parquet"
ROWS_PER_GROUP = 10_000
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


def write_table(path: Path, rows: Iterable[Row], schema: pa.Schema) -> int:
    """Write rows one group at a time, in constant memory; return how many there were."""
    count, stream = 0, iter(rows)
    with pq.ParquetWriter(path, schema, **FORMAT) as writer:
        while group := list(islice(stream, ROWS_PER_GROUP)):
            writer.write_table(pa.Table.from_pylist(group, schema=schema))
            count += len(group)
    return count


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
