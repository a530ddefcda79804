"""Write the rows that stay and the rows that go, in the order of the input and in constant memory."""

from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from belle.clean.kinds import Kind
from belle.data.tables import ROWS_PER_GROUP
from belle.progress import progress

DROPPED = "dropped.parquet"
DROPPED_COLUMNS = ("id", "source", "table", "reason", "match", "text")
DROPPED_SCHEMA = pa.schema([(name, pa.string()) for name in DROPPED_COLUMNS])
"""One row a dropped row of either table. `match`: id of the row or evaluation question that it equals, or
null; `text`: as it was before cleaning."""


def write_cleaned(kind: Kind, source: Path, target: Path, judged: pa.Table, dropped: pq.ParquetWriter) -> None:
    """Copy a table without the rows that have a reason; these go to `dropped`.

    Args:
        kind: of the table.
        source: the table as it came.
        target: the table as it stays, in normal form.
        judged: `id`, `reason`, `match` of every row of `source`, in order.
        dropped: open writer of `DROPPED_SCHEMA`.
    """
    done = 0
    with (
        pq.ParquetWriter(target, kind.schema, compression="zstd") as kept,
        progress(f"write {kind.name}", judged.num_rows) as bar,
    ):
        for batch in pq.ParquetFile(source).iter_batches(ROWS_PER_GROUP):
            rows, verdict = pa.table(batch), judged.slice(done, batch.num_rows)
            if not rows["id"].equals(verdict["id"].cast(pa.string())):
                raise RuntimeError(f"{source}: row {done} and on: verdicts are not in the order of the rows")
            stays = pc.is_null(verdict["reason"])
            kept.write_table(normalised_rows(kind, rows.filter(stays)))
            goes = pc.invert(stays)
            dropped.write_table(dropped_rows(kind, rows.filter(goes), verdict.filter(goes)))
            done += batch.num_rows
            bar.advance(batch.num_rows)


def normalised_rows(kind: Kind, rows: pa.Table) -> pa.Table:
    """Return the rows with their text in normal form."""
    text = kind.normalised(rows[kind.column].combine_chunks())
    at = kind.schema.get_field_index(kind.column)
    return rows.set_column(at, kind.column, text).cast(kind.schema)


def dropped_rows(kind: Kind, rows: pa.Table, verdict: pa.Table) -> pa.Table:
    """Return rows of `DROPPED_SCHEMA` for rows that go."""
    columns = {
        "id": rows["id"],
        "source": rows["source"],
        "table": pa.repeat(pa.scalar(kind.name), rows.num_rows),
        "reason": verdict["reason"],
        "match": verdict["match"],
        "text": pa.array([kind.rendered(value) for value in rows[kind.column].to_pylist()], pa.string()),
    }
    return pa.table(columns).cast(DROPPED_SCHEMA)
