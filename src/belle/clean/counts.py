"""How many rows came in, were kept and were dropped: data/clean/counts.json."""

from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pyarrow as pa

from belle.clean.table_specs import REASONS
from belle.data.cleaned import UNREADABLE, malformed_of
from belle.data.tables import ROWS_PER_GROUP, read_batches


def counts(name: str, source: Path, reasons: pa.ChunkedArray) -> dict[str, Any]:
    """Return the counts of a table: `NAME_in`, `NAME_kept`, `NAME_dropped` (every reason → count), `NAME_by_source`.

    The last one has the same three of each source, in the order of the table, with the reasons that occur. Rows that
    no importer could read came in and were dropped as `unreadable`.

    Args:
        name: of the table.
        source: the table before cleaning.
        reasons: one for each of its rows, null for a kept one.
    """
    sources = pa.chunked_array([*_sources(source)], pa.string())
    unreadable = pa.chunked_array([*_sources(malformed_of(source))], pa.string())
    rows = pa.table({"source": sources, "reason": reasons})
    lost = pa.table({"source": unreadable, "reason": pa.repeat(UNREADABLE, len(unreadable))})
    # one thread: groups come in the order in which they are met
    groups = pa.concat_tables([rows, lost]).group_by(["source", "reason"], use_threads=False)
    found = [tuple(group.values()) for group in groups.aggregate([([], "count_all")]).to_pylist()]
    total: Counter[str | None] = Counter()
    by_source: dict[str, Counter[str | None]] = {}
    for one, reason, count in found:
        total[reason] += count
        by_source.setdefault(one, Counter())[reason] += count
    return {
        f"{name}_in": total.total(),
        f"{name}_kept": total[None],
        f"{name}_dropped": {reason: total[reason] for reason in REASONS},
        f"{name}_by_source": {one: _summary(by_reason) for one, by_reason in by_source.items()},
    }


def _sources(table: Path) -> Iterator[pa.Array]:
    """Yield the source of each row; none when there is no such table."""
    if table.exists():
        yield from (batch["source"] for batch in read_batches(table, ROWS_PER_GROUP, ["source"]))


def _summary(by_reason: Counter[str | None]) -> dict[str, Any]:
    dropped = {reason: by_reason[reason] for reason in REASONS if by_reason[reason]}
    return {"in": by_reason.total(), "kept": by_reason[None], "dropped": dropped}


def nothing_kept(source: Path, found: dict[str, Any]) -> str:
    """Return the error that says why all conversations were dropped."""
    by_reason = found["conversations_dropped"]
    reasons = ", ".join(f"{count} {reason}" for reason, count in by_reason.items() if count)
    return (
        f"{source}: cleaning keeps none of its {found['conversations_in']} conversations"
        f" ({reasons or 'the table is empty'}); loosen `clean` in params.yaml or choose other `data.sources`"
    )
