"""The text of some rows of a table, for filters that compare a row with the rest."""

from collections.abc import Iterator
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from belle.clean.table_specs import TableSpec
from belle.data.tables import read_batches

SAMPLE = 50_000
"""Rows, so that the sample takes the same memory and time whatever the table holds."""
ROWS_AT_ONCE = 1000


def sampled_texts(spec: TableSpec, path: Path) -> Iterator[str]:
    """Yield the normalized text of at most about `SAMPLE` rows, spread evenly over a table, in its order."""
    step = max(1, -(-pq.read_metadata(path).num_rows // SAMPLE))
    done = 0
    for batch in read_batches(path, ROWS_AT_ONCE, [spec.column]):
        places = pa.array(range(-done % step, batch.num_rows, step), pa.int64())
        for value in spec.normalized(batch[spec.column].take(places)).to_pylist():
            yield value if isinstance(value, str) else "\n".join(message["content"] for message in value)
        done += batch.num_rows
