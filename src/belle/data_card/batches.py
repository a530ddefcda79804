"""Tables of data/clean, some rows at a time, with a progress bar."""

from collections.abc import Iterator
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from belle.data.tables import read_batches
from belle.progress import progress

ROWS_PER_BATCH = 2_000


def batches(path: Path, title: str, columns: list[str] | None = None) -> Iterator[tuple[int, pa.RecordBatch]]:
    """Yield how many rows the table has, and some of them; `columns` limits what is read.

    Raises:
        UserError: no such table, or a damaged one.
    """
    # a table that is missing is named by who reads it
    total = pq.read_metadata(path).num_rows if path.is_file() else 0
    with progress(title, total) as bar:
        for batch in read_batches(path, ROWS_PER_BATCH, columns):
            yield total, batch
            bar.advance(batch.num_rows)
