"""Decide which rows of a table are dropped and why; Daft computes it on a few narrow columns."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from belle.clean.deduplication.duplicates import EXACT, NEAR, Deduplication, Duplicates
from belle.clean.filters.filter import NO_STRING, Filter
from belle.clean.text import MESSAGE_FEATURES, message_features
from belle.data.slices import row_slices, slices
from belle.data.tables import ROWS_PER_GROUP, read_batches
from belle.libraries.daft_setup import daft
from belle.progress import progress

DECISION = pa.schema(
    [
        pa.field("reason", pa.string()),
        pa.field("match", pa.string()),
        pa.field("similarity", pa.float32()),
        pa.field("detail", pa.string()),
    ]
)
"""Why a row is dropped; the id of the row or evaluation question that it repeats; how near it is to that; what the
filter saw. All are null for a kept row."""
BYTES_PER_BATCH = 2 << 20
BYTES_PER_TASK = 32 << 20
"""Of the file: what one worker of a cluster reads at a time, in whole groups of rows."""
BYTES_PER_PART = 128 << 20


def decide(
    path: Path, messages: daft.Expression, filters: Sequence[Filter], deduplication: Deduplication | None
) -> pa.Table:
    """Decide for every row of a Parquet table whether it is kept, in the order of its rows.

    Args:
        path: the table; it has an `id` column.
        messages: an expression that gives a row's messages, a list of {role, content}.
        filters: the first one that drops a row gives the reason.
        deduplication: also drops rows that repeat a kept row; None drops none.

    Returns:
        A table of `DECISION`, one row per row.
    """
    size = rows_per_batch(path)

    def batches() -> Iterator[pa.RecordBatch]:
        for groups in parts(path):
            rows = daft.read_parquet([str(path)], row_groups=[groups]).select("id", _features(messages))
            yield from _decided(rows, filters, deduplication).to_arrow_iter()

    decided = []
    with (
        daft.execution_config_ctx(
            default_morsel_size=size,
            maintain_order=True,
            scan_tasks_min_size_bytes=BYTES_PER_TASK,
            scan_tasks_max_size_bytes=BYTES_PER_TASK,
        ),
        progress(f"look at {path.stem}", pq.read_metadata(path).num_rows) as bar,
    ):
        for batch in in_order(batches(), path, size):
            # copied: a single buffer of Daft's would hold all columns of its batch, shingles included, in memory
            decided.append(pa.table(batch).select(DECISION.names).take(np.arange(batch.num_rows)).cast(DECISION))
            if deduplication:
                deduplication.add(batch)
            bar.advance(batch.num_rows)
    decisions = pa.concat_tables([DECISION.empty_table(), *decided])
    if deduplication is None:
        return decisions
    takes_part = decisions["reason"].is_null().to_numpy()
    return _with_duplicates(decisions, deduplication.duplicates(takes_part), path)


def _decided(rows: daft.DataFrame, filters: Sequence[Filter], deduplication: Deduplication | None) -> daft.DataFrame:
    """Return `id`, the columns of `DECISION` and those of the deduplication for rows of `id` and `MESSAGE_FEATURES`."""
    for filter in filters:
        rows = rows.with_columns(filter.columns())
    rows = rows.with_column("reason", first_reason(filters))
    rows = rows.with_columns(_explained(filters))
    more = deduplication.columns() if deduplication else {}
    return rows.select("id", *DECISION.names, *(column.alias(name) for name, column in more.items()))


def parts(path: Path) -> Iterator[list[int]]:
    """Cut a table into lists of row groups of about `BYTES_PER_PART`, in order.

    Daft reads what it is told to read ahead of all work on it, so this bounds the memory.
    """
    metadata = pq.read_metadata(path)
    sizes = np.array([metadata.row_group(group).total_byte_size for group in range(metadata.num_row_groups)])
    for part in slices(sizes, BYTES_PER_PART):
        yield list(range(part.start, part.stop))


@daft.func.batch(return_dtype=daft.DataType.from_arrow_type(MESSAGE_FEATURES), unnest=True, use_process=False)
def _features(messages: daft.Series) -> pa.Array:
    """Return the columns that the filters look at."""
    lists = messages.to_arrow()
    return pa.concat_arrays([message_features(lists[rows]) for rows in row_slices(lists)])


def rows_per_batch(path: Path) -> int:
    """Return how many rows of a table are looked at at once: about `BYTES_PER_BATCH`, at most `ROWS_PER_GROUP`."""
    metadata = pq.read_metadata(path)
    groups = [metadata.row_group(group) for group in range(metadata.num_row_groups)]
    heaviest = max((group.total_byte_size / max(group.num_rows, 1) for group in groups), default=1)
    return max(1, min(ROWS_PER_GROUP, int(BYTES_PER_BATCH / max(heaviest, 1))))


def in_order(batches: Iterable[pa.RecordBatch], path: Path, size: int) -> Iterator[pa.RecordBatch]:
    """Yield what Daft returns and compare its ids with those of the table: decisions go by place, not by id.

    Raises:
        RuntimeError: the rows are not those of the table, in its order.
    """
    expected = (row for batch in read_batches(path, size, ["id"]) for row in batch["id"].to_pylist())
    done = 0
    for batch in batches:
        if any(one != next(expected, None) for one in batch["id"].to_pylist()):
            raise RuntimeError(f"{path}: row {done} and on: the decisions are not in the order of the rows")
        done += batch.num_rows
        yield batch
    if done != pq.read_metadata(path).num_rows:
        raise RuntimeError(f"{path}: {done} rows came back")


def first_reason(filters: Sequence[Filter]) -> daft.Expression:
    """Return the reason of the first filter that drops a row, null if none does."""
    reason = NO_STRING
    for filter in reversed(filters):
        reason = daft.functions.when(filter.drops().fill_null(False), filter.reason).otherwise(reason)
    return reason


def _explained(filters: Sequence[Filter]) -> dict[str, daft.Expression]:
    """Return match, similarity and detail of the filter that gave the reason."""
    values: dict[str, Callable[[Filter], daft.Expression]] = {
        "match": lambda one: one.match(),
        "similarity": lambda one: one.similarity(),
        "detail": lambda one: one.detail(),
    }
    found = {}
    for name, value_of in values.items():
        value = daft.lit(None).cast(daft.DataType.from_arrow_type(DECISION.field(name).type))
        for filter in filters:
            value = daft.functions.when(daft.col("reason") == filter.reason, value_of(filter)).otherwise(value)
        found[name] = value
    return found


def _with_duplicates(decisions: pa.Table, duplicates: Duplicates, path: Path) -> pa.Table:
    """Return the decisions with a reason, the match and the similarity for the duplicates."""
    mask = np.zeros(decisions.num_rows, bool)
    mask[duplicates.rows] = True
    names = np.where(duplicates.is_near, NEAR, EXACT)
    values = {
        "reason": pa.array(names, pa.string()),
        "match": ids_at(path, duplicates.kept),
        "similarity": pa.array(duplicates.similarities, pa.float32()),
    }
    for name, replacements in values.items():
        column = decisions[name].combine_chunks()
        column = pa.compute.replace_with_mask(column, pa.array(mask), replacements)
        decisions = decisions.set_column(decisions.schema.get_field_index(name), name, column)
    return decisions


def ids_at(path: Path, rows: np.ndarray) -> pa.Array:
    """Return the ids of some rows of a table: int64 [n] → string [n]."""
    wanted, place = np.unique(rows, return_inverse=True)
    found, done = [pa.array([], pa.string())], 0
    for batch in read_batches(path, ROWS_PER_GROUP, ["id"]):
        here = wanted[(wanted >= done) & (wanted < done + batch.num_rows)] - done
        found.append(batch["id"].take(pa.array(here)))
        done += batch.num_rows
    return pa.concat_arrays(found).take(pa.array(place))
