"""Decide which rows of a table are dropped and why; Daft computes it on a few narrow columns."""

from collections.abc import Sequence
from pathlib import Path

import pyarrow as pa

from belle.clean.filters.duplicate import IDENTITY, identity, mark_duplicates
from belle.clean.filters.filter import Filter
from belle.clean.text import MESSAGE_FEATURES, message_features
from belle.data.tables import ROWS_PER_GROUP
from belle.libraries.daft_setup import daft

NO_STRING = daft.lit(None).cast(daft.DataType.string())


def decide(path: Path, messages: daft.Expression, filters: Sequence[Filter], duplicates: bool) -> pa.Table:
    """Decide for every row of a Parquet table whether it is kept, in the order of its rows.

    Args:
        path: the table; it has an `id` column.
        messages: an expression that gives a row's messages, a list of {role, content}.
        filters: the first one that drops a row gives the reason.
        duplicates: also drop rows equal to an earlier kept row.

    Returns:
        `id`, `reason`, `match`: string [rows]; the reason is null for a kept row.
    """
    position = daft.functions.monotonically_increasing_id()
    rows = daft.read_parquet(str(path)).with_column("position", position)
    rows = rows.select("id", "position", _features(messages))
    for filter in filters:
        rows = rows.with_columns(filter.columns())
    rows = rows.with_columns({"reason": first_reason(filters), **identity()})
    rows = rows.with_column("match", match_of(filters)).select("id", "position", "reason", "match", *IDENTITY)
    if duplicates:
        rows = mark_duplicates(rows.collect())
    return rows.sort("position").select("id", "reason", "match").to_arrow()


@daft.func.batch(
    return_dtype=daft.DataType.from_arrow_type(MESSAGE_FEATURES),
    unnest=True,
    batch_size=ROWS_PER_GROUP,
    use_process=False,
)
def _features(messages: daft.Series) -> pa.Array:
    """Return the columns that the filters look at."""
    return message_features(messages.to_arrow())


def first_reason(filters: Sequence[Filter]) -> daft.Expression:
    """Return the reason of the first filter that drops a row, null if none does."""
    reason = NO_STRING
    for filter in reversed(filters):
        reason = daft.functions.when(filter.drops().fill_null(False), filter.reason).otherwise(reason)
    return reason


def match_of(filters: Sequence[Filter]) -> daft.Expression:
    """Return the match of the filter that gave the reason."""
    match = NO_STRING
    for filter in filters:
        match = daft.functions.when(daft.col("reason") == filter.reason, filter.match()).otherwise(match)
    return match
