"""Clean both tables of data/raw: write the kept rows in normal form, and the dropped ones with their reasons."""

from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from belle.clean.counts import counts, nothing_kept
from belle.clean.decisions import DECISION, decide, rows_per_batch
from belle.clean.deduplication.duplicates import Deduplication
from belle.clean.deduplication.scratch import Scratch
from belle.clean.engine import start_engine
from belle.clean.question_keys import question_keys
from belle.clean.sample import sampled_texts
from belle.clean.simplified import in_simplified
from belle.clean.table_specs import CONVERSATIONS_SPEC, TEXTS_SPEC, TableSpec, filters_of
from belle.config.clean import CleanParams
from belle.config.deduplication import DeduplicateParams
from belle.data.cleaned import DROPPED
from belle.data.questions import read_questions
from belle.data.tables import FORMAT, ROWS_PER_GROUP, read_batches
from belle.errors import UserError
from belle.files import write_json
from belle.progress import progress

DROPPED_SCHEMA = pa.schema(
    [
        *(pa.field(name, pa.string()) for name in ("id", "source", "language", "category", "table")),
        *DECISION,
        pa.field("text", pa.string()),
    ]
)
"""One row per dropped row of either table. `match`: id of the row or evaluation question that it repeats, or null;
`similarity` to it, 1 when equal; `detail`: what the filter saw, or null; `text`: as it was before cleaning."""


def clean(raw: Path, questions: Path, out: Path, params: CleanParams) -> None:
    """Clean the tables of `raw` into the directory `out`.

    Args:
        raw: data/raw, holds `conversations.parquet` and `texts.parquet`, and the rows that could not be read.
        questions: `questions.jsonl` of the evaluation set.
        out: an empty directory; gets the two tables, `dropped.parquet` and `counts.json` (`belle.clean.counts`).
        params: section `clean`.

    Raises:
        UserError: no conversation is kept, an input is missing or broken, or there is no such engine.
    """
    keys = question_keys(read_questions(questions, None), params.simplify)
    start_engine(params.engine)
    with pq.ParquetWriter(out / DROPPED, DROPPED_SCHEMA, **FORMAT) as dropped:
        conversations = _clean_table(CONVERSATIONS_SPEC, raw, keys, out, params, dropped)
        if conversations["conversations_kept"] == 0:
            raise UserError(nothing_kept(raw / CONVERSATIONS_SPEC.file, conversations))
        texts = _clean_table(TEXTS_SPEC, raw, keys, out, params, dropped)
    write_json(out / "counts.json", conversations | texts)


def _clean_table(
    spec: TableSpec, raw: Path, keys: dict[str, str], out: Path, params: CleanParams, dropped: pq.ParquetWriter
) -> dict[str, Any]:
    spec = in_simplified(spec) if params.simplify else spec
    source = raw / spec.file
    for _ in read_batches(source, ROWS_PER_GROUP):
        pass  # Daft compares no checksums, and answers a broken table with a traceback
    filters = [one.fitted(sampled_texts(spec, source)) for one in filters_of(spec.name, params, keys)]
    with TemporaryDirectory(dir=out) as folder, Scratch(Path(folder), params.deduplicate.bands) as scratch:
        decisions = decide(source, spec.messages, filters, _deduplication(params.deduplicate, scratch))
    write_cleaned(spec, source, out / spec.file, decisions, dropped)
    return counts(spec.name, source, decisions["reason"])


def _deduplication(params: DeduplicateParams, scratch: Scratch) -> Deduplication | None:
    return Deduplication(params, scratch) if params.exact or params.near else None


def write_cleaned(spec: TableSpec, source: Path, target: Path, decisions: pa.Table, dropped: pq.ParquetWriter) -> None:
    """Write the kept rows of a table in normal form to `target`, the others to `dropped`; constant memory.

    Args:
        spec: of the table.
        source: the table before cleaning.
        target: the table after cleaning, in the same order.
        decisions: `DECISION` of every row of `source`, in order; no reason keeps the row.
        dropped: open writer of `DROPPED_SCHEMA`.
    """
    done = 0
    with (
        pq.ParquetWriter(target, spec.schema, **FORMAT) as kept,
        progress(f"write {spec.name}", decisions.num_rows) as bar,
    ):
        for batch in read_batches(source, rows_per_batch(source)):
            rows, decided = pa.table(batch), decisions.slice(done, batch.num_rows)
            is_kept = pc.is_null(decided["reason"])
            is_dropped = pc.invert(is_kept)
            kept.write_table(normalized_rows(spec, rows.filter(is_kept)))
            dropped.write_table(dropped_rows(spec, rows.filter(is_dropped), decided.filter(is_dropped)))
            done += batch.num_rows
            bar.advance(batch.num_rows)


def normalized_rows(spec: TableSpec, rows: pa.Table) -> pa.Table:
    """Return the rows with their text in normal form."""
    text = spec.normalized(rows[spec.column].combine_chunks())
    at = spec.schema.get_field_index(spec.column)
    return rows.set_column(at, pa.field(spec.column, text.type), text).cast(spec.schema)


def dropped_rows(spec: TableSpec, rows: pa.Table, decided: pa.Table) -> pa.Table:
    """Return dropped rows in `DROPPED_SCHEMA`."""
    columns = {
        "id": rows["id"],
        "source": rows["source"],
        "language": rows["language"],
        "category": rows["category"] if "category" in rows.column_names else pa.nulls(rows.num_rows, pa.string()),
        "table": pa.repeat(pa.scalar(spec.name), rows.num_rows),
        **{name: decided[name] for name in DECISION.names},
        "text": pa.array([spec.rendered(value) for value in rows[spec.column].to_pylist()], pa.string()),
    }
    return pa.table(columns).cast(DROPPED_SCHEMA)
