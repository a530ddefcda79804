"""Clean both tables of data/raw: the rows that stay, the rows that go, and how many of each."""

from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from belle.clean.kinds import CONVERSATION, REASONS, TEXT, Kind
from belle.clean.output import DROPPED, DROPPED_SCHEMA, write_cleaned
from belle.clean.questions import question_keys
from belle.clean.verdicts import verdicts
from belle.config.data import CleanParams
from belle.data.tables import open_table
from belle.errors import UserError


def clean(raw: Path, questions: Path, out: Path, params: CleanParams) -> dict[str, object]:
    """Clean the tables of `raw` into the directory `out`; return the counts for the metrics file.

    Args:
        raw: data/raw, holds `conversations.parquet` and `texts.parquet`.
        questions: `questions.jsonl` of the evaluation set.
        out: an empty directory; gets the two tables and `dropped.parquet`.
        params: section `clean`.

    Returns:
        `rows_in`, `rows_out` and `dropped` (reason → count, every reason) of the conversations, `texts_in`,
        `texts_out` and `texts_dropped` of the texts.

    Raises:
        UserError: no conversation is left, or an input is missing or broken.
    """
    keys = question_keys(questions)

    def clean_table(kind: Kind) -> pa.Table:
        source = raw / kind.file
        open_table(source).close()  # Daft would answer a broken table with a traceback
        judged = verdicts(source, kind.messages, kind.rules(params, keys), params.drop_duplicates)
        write_cleaned(kind, source, out / kind.file, judged, dropped)
        return judged

    with pq.ParquetWriter(out / DROPPED, DROPPED_SCHEMA, compression="zstd") as dropped:
        conversations = counts("rows", "dropped", clean_table(CONVERSATION))
        if conversations["rows_out"] == 0:
            raise UserError(nothing_left(raw / CONVERSATION.file, conversations))
        return conversations | counts("texts", "texts_dropped", clean_table(TEXT))


def counts(rows: str, dropped: str, judged: pa.Table) -> dict[str, object]:
    """Count the verdicts: {`ROWS_in`, `ROWS_out`, `DROPPED`: {reason: n}}, under the names given."""
    found = {pair["values"]: pair["counts"] for pair in pc.value_counts(judged["reason"]).to_pylist()}
    by_reason = {reason: found.get(reason, 0) for reason in REASONS}
    return {f"{rows}_in": judged.num_rows, f"{rows}_out": found.get(None, 0), dropped: by_reason}


def nothing_left(source: Path, conversations: dict[str, object]) -> str:
    """Say how all conversations came to be dropped."""
    reasons = ", ".join(f"{count} {reason}" for reason, count in conversations["dropped"].items() if count)
    return (
        f"{source}: cleaning leaves none of its {conversations['rows_in']} conversations"
        f" ({reasons or 'the table is empty'}); loosen `clean` in params.yaml or choose other `data.sources`"
    )
