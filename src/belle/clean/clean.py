"""Clean both tables of data/raw: write the kept rows in normal form, and the dropped ones with their reasons."""

from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from belle.clean.decisions import decide
from belle.clean.sample import sampled_texts
from belle.clean.simplified import in_simplified, simplified
from belle.clean.table_specs import CONVERSATIONS_SPEC, REASONS, TEXTS_SPEC, TableSpec, filters_of
from belle.clean.text import comparison_key, normalize
from belle.config.clean import CleanParams
from belle.data.questions import read_questions
from belle.data.tables import FORMAT, ROWS_PER_GROUP, read_batches
from belle.errors import UserError
from belle.files import write_json
from belle.progress import progress

DROPPED = "dropped.parquet"
DROPPED_COLUMNS = ("id", "source", "table", "reason", "match", "text")
DROPPED_SCHEMA = pa.schema([(name, pa.string()) for name in DROPPED_COLUMNS])
"""One row per dropped row of either table. `match`: id of the row or evaluation question that it equals, or
null; `text`: as it was before cleaning."""


def clean(raw: Path, questions: Path, out: Path, params: CleanParams) -> None:
    """Clean the tables of `raw` into the directory `out`.

    `counts.json` has `conversations_in`, `conversations_kept` and `conversations_dropped` (every reason → count), and
    the same of the texts.

    Args:
        raw: data/raw, holds `conversations.parquet` and `texts.parquet`.
        questions: `questions.jsonl` of the evaluation set.
        out: an empty directory; gets the two tables, `dropped.parquet` and `counts.json`.
        params: section `clean`.

    Raises:
        UserError: no conversation is kept, or an input is missing or broken.
    """
    keys = question_keys(questions, params.simplify)
    with pq.ParquetWriter(out / DROPPED, DROPPED_SCHEMA, **FORMAT) as dropped:
        conversations = _clean_table(CONVERSATIONS_SPEC, raw, keys, out, params, dropped)
        if conversations["conversations_kept"] == 0:
            raise UserError(nothing_kept(raw / CONVERSATIONS_SPEC.file, conversations))
        texts = _clean_table(TEXTS_SPEC, raw, keys, out, params, dropped)
    write_json(out / "counts.json", conversations | texts)


def question_keys(path: Path, simplify: bool = False) -> dict[str, str]:
    """Return comparison key → id of the evaluation questions, the first id where two questions have one key.

    Raises:
        UserError: `path` (questions.jsonl) is missing or broken.
    """
    questions = read_questions(path, None)
    texts = pa.array([question.question for question in questions], pa.string())
    texts = simplified(texts) if simplify else texts
    keys = comparison_key(normalize(texts)).to_pylist()
    return {key: question.id for key, question in reversed(list(zip(keys, questions, strict=True)))}


def _clean_table(
    spec: TableSpec, raw: Path, keys: dict[str, str], out: Path, params: CleanParams, dropped: pq.ParquetWriter
) -> dict[str, Any]:
    spec = in_simplified(spec) if params.simplify else spec
    source = raw / spec.file
    for _ in read_batches(source, ROWS_PER_GROUP):
        pass  # Daft compares no checksums, and answers a broken table with a traceback
    filters = [one.fitted(sampled_texts(spec, source)) for one in filters_of(spec.name, params, keys)]
    decisions = decide(source, spec.messages, filters, params.drop_duplicates)
    write_cleaned(spec, source, out / spec.file, decisions, dropped)
    return counts(spec.name, decisions)


def write_cleaned(spec: TableSpec, source: Path, target: Path, decisions: pa.Table, dropped: pq.ParquetWriter) -> None:
    """Write the kept rows of a table in normal form to `target`, the others to `dropped`; constant memory.

    Args:
        spec: of the table.
        source: the table before cleaning.
        target: the table after cleaning, in the same order.
        decisions: `id`, `reason`, `match` of every row of `source`, in order; no reason keeps the row.
        dropped: open writer of `DROPPED_SCHEMA`.
    """
    done = 0
    with (
        pq.ParquetWriter(target, spec.schema, **FORMAT) as kept,
        progress(f"write {spec.name}", decisions.num_rows) as bar,
    ):
        for batch in read_batches(source, ROWS_PER_GROUP):
            rows, decided = pa.table(batch), decisions.slice(done, batch.num_rows)
            if not rows["id"].equals(decided["id"].cast(pa.string())):
                raise RuntimeError(f"{source}: row {done} and on: the decisions are not in the order of the rows")
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
    return rows.set_column(at, spec.column, text).cast(spec.schema)


def dropped_rows(spec: TableSpec, rows: pa.Table, decided: pa.Table) -> pa.Table:
    """Return dropped rows in `DROPPED_SCHEMA`."""
    columns = {
        "id": rows["id"],
        "source": rows["source"],
        "table": pa.repeat(pa.scalar(spec.name), rows.num_rows),
        "reason": decided["reason"],
        "match": decided["match"],
        "text": pa.array([spec.rendered(value) for value in rows[spec.column].to_pylist()], pa.string()),
    }
    return pa.table(columns).cast(DROPPED_SCHEMA)


def counts(name: str, decisions: pa.Table) -> dict[str, Any]:
    """Return how many rows came in, were kept and were dropped: `NAME_in`, `NAME_kept`, `NAME_dropped` by reason."""
    found = {pair["values"]: pair["counts"] for pair in pc.value_counts(decisions["reason"]).to_pylist()}
    by_reason = {reason: found.get(reason, 0) for reason in REASONS}
    return {f"{name}_in": decisions.num_rows, f"{name}_kept": found.get(None, 0), f"{name}_dropped": by_reason}


def nothing_kept(source: Path, found: dict[str, Any]) -> str:
    """Return the error that says why all conversations were dropped."""
    by_reason = found["conversations_dropped"]
    reasons = ", ".join(f"{count} {reason}" for reason, count in by_reason.items() if count)
    return (
        f"{source}: cleaning keeps none of its {found['conversations_in']} conversations"
        f" ({reasons or 'the table is empty'}); loosen `clean` in params.yaml or choose other `data.sources`"
    )
