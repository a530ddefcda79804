"""Choose rows of data/clean by what stands in their columns or in their text."""

from collections.abc import Iterator
from dataclasses import dataclass, fields
from itertools import islice
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from belle.config.messages import nearest
from belle.data.cleaned import DROPPED, TABLES, UNREADABLE, malformed_of
from belle.data.printable import printable
from belle.data.tables import Row, read_batches
from belle.errors import UserError

ROWS_PER_BATCH = 2_000
VALUES_SHOWN = 20


@dataclass(frozen=True)
class Selection:
    """Which rows are wanted; None wants all. `category` may be `none`, for rows without one."""

    table: str = "conversations"
    dropped: bool = False
    id: str | None = None
    source: str | None = None
    language: str | None = None
    category: str | None = None
    reason: str | None = None
    search: str | None = None

    def path(self, data: Path) -> Path:
        """Return which table below the folder `data` has such rows."""
        if self.reason == UNREADABLE:
            return malformed_of(data / "raw" / TABLES[self.table])
        return data / "clean" / (DROPPED if self.dropped else TABLES[self.table])

    def columns(self) -> dict[str, str]:
        """Return the wanted value of each column that has to have one."""
        names = [one.name for one in fields(self) if one.name not in ("dropped", "search")]
        return {
            name: getattr(self, name) for name in names if getattr(self, name) and (self.dropped or name != "table")
        }


def select_rows(data: Path, wanted: Selection, start: int, count: int) -> list[Row]:
    """Return the wanted rows from number `start` (from 0) on, at most `count`, in the order of the table.

    Args:
        data: the folder with raw/ and clean/.
        wanted: which rows.
        start: how many to leave out.
        count: how many to return.

    Raises:
        UserError: no such table, or a damaged one; no row is wanted, and then what there is instead.
    """
    rows = list(islice(_rows(data, wanted), start, start + count))
    if not rows:
        raise UserError(_nothing(data, wanted, start))
    return rows


def _rows(data: Path, wanted: Selection) -> Iterator[Row]:
    for batch in _batches(data, wanted):
        mask = pa.array(np.ones(batch.num_rows, bool))
        for column, value in wanted.columns().items():
            mask = pc.and_(mask, _equal(batch, column, value))
        if wanted.search:
            mask = pc.and_(mask, _holds(batch, wanted.search))
        yield from batch.filter(mask).to_pylist()


def _batches(data: Path, wanted: Selection) -> Iterator[pa.RecordBatch]:
    """Yield the rows of the table that has the wanted ones; unreadable rows in the columns of dropped ones."""
    for batch in read_batches(wanted.path(data), ROWS_PER_BATCH):
        if wanted.reason != UNREADABLE:
            yield batch
            continue
        place = pc.binary_join_element_wise(batch["file"], batch["row"].cast(pa.string()), ", row ")
        columns = {"id": place, "source": batch["source"], "detail": batch["problem"], "text": batch["text"]}
        named = {"table": wanted.table, "reason": UNREADABLE}
        yield pa.record_batch(columns | {name: pa.repeat(value, batch.num_rows) for name, value in named.items()})


def _equal(batch: pa.RecordBatch, column: str, value: str) -> pa.Array:
    values = _column(batch, column)
    if column == "category" and value == "none":
        return pc.is_null(values)
    return pc.fill_null(pc.equal(values, value), False)


def _column(batch: pa.RecordBatch, name: str) -> pa.Array:
    """Return a column, nulls where the table has none: texts have no category."""
    return batch[name] if name in batch.schema.names else pa.nulls(batch.num_rows, pa.string())


def _holds(batch: pa.RecordBatch, text: str) -> pa.Array:
    """Return which rows have a text somewhere, in letters of either case."""
    if "text" in batch.schema.names:
        return pc.match_substring(batch["text"], text, ignore_case=True)
    messages = batch["messages"]
    found = pc.match_substring(pc.struct_field(pc.list_flatten(messages), "content"), text, ignore_case=True)
    mask = np.zeros(batch.num_rows, bool)
    mask[pc.list_parent_indices(messages).filter(found).to_numpy()] = True
    return pa.array(mask)


def _nothing(data: Path, wanted: Selection, start: int) -> str:
    """Return the error that says which values the columns have."""
    path = wanted.path(data)
    options = {name: value for name, value in wanted.columns().items() if name not in ("table", "id")}
    seen: dict[str, dict[str, None]] = {name: {} for name in options}
    for batch in _batches(data, wanted):
        for name in options:
            seen[name].update(dict.fromkeys(value or "none" for value in _column(batch, name).unique().to_pylist()))
    for name, value in options.items():
        if value not in seen[name]:
            there = ", ".join(list(seen[name])[:VALUES_SHOWN]) or "nothing"
            hint = nearest(value, seen[name])
            return printable(f"{path}: no row has the {name} {value!r}{hint}; there is: {there}")
    elsewhere = f"; belle data why {wanted.id} looks among kept and dropped rows" if wanted.id else ""
    return printable(f"{path}: no row is what was asked for{f' from number {start} on' if start else ''}{elsewhere}")
