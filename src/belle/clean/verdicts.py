"""Which rows of a table go and why, worked out by Daft on a few narrow columns."""

from collections.abc import Sequence
from pathlib import Path

import pyarrow as pa

from belle.clean.engine import daft
from belle.clean.messages import FACTS, facts
from belle.clean.rules.duplicate import IDENTITY, identity, mark_duplicates
from belle.clean.rules.rule import Rule
from belle.data.tables import ROWS_PER_GROUP

NO_STRING = daft.lit(None).cast(daft.DataType.string())


def verdicts(path: Path, messages: daft.Expression, rules: Sequence[Rule], duplicates: bool) -> pa.Table:
    """Judge every row of a Parquet table, in the order of its rows.

    Args:
        path: the table; it has an `id` column.
        messages: an expression that gives a row's messages, a list of {role, content}.
        rules: the first one that a row breaks gives the reason.
        duplicates: also drop rows equal to an earlier row that stays.

    Returns:
        `id`, `reason`, `match`: string [rows]; the reason is null for a row that stays.
    """
    position = daft.functions.monotonically_increasing_id()
    rows = daft.read_parquet(str(path)).with_column("position", position)
    rows = rows.select("id", "position", facts_of(messages))
    for rule in rules:
        rows = rows.with_columns(rule.columns())
    rows = rows.with_columns({"reason": first_reason(rules), **identity()})
    rows = rows.with_column("match", match_of(rules)).select("id", "position", "reason", "match", *IDENTITY)
    if duplicates:
        rows = mark_duplicates(rows.collect())
    return rows.sort("position").select("id", "reason", "match").to_arrow()


@daft.func.batch(
    return_dtype=daft.DataType.from_arrow_type(FACTS),
    unnest=True,
    batch_size=ROWS_PER_GROUP,
    use_process=False,
)
def facts_of(messages: daft.Series) -> pa.Array:
    """Give the columns that the rules look at."""
    return facts(messages.to_arrow())


def first_reason(rules: Sequence[Rule]) -> daft.Expression:
    """Return the reason of the first rule that a row breaks, null if it breaks none."""
    reason = NO_STRING
    for rule in reversed(rules):
        reason = daft.functions.when(rule.breaks().fill_null(False), rule.reason).otherwise(reason)
    return reason


def match_of(rules: Sequence[Rule]) -> daft.Expression:
    """Return the match of the rule that gave the reason."""
    match = NO_STRING
    for rule in rules:
        match = daft.functions.when(daft.col("reason") == rule.reason, rule.match()).otherwise(match)
    return match
