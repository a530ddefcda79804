"""One filter on one conversation or text, through the function that the clean stage calls."""

from pathlib import Path

from belle.clean.decisions import decide
from belle.clean.filters.filter import Filter
from belle.clean.table_specs import CONVERSATIONS_SPEC, TEXTS_SPEC
from belle.data.tables import CONVERSATION_SCHEMA, TEXT_SCHEMA, write_table
from factories import conversation_row, text_row

Messages = list[dict[str, str]]


def decide_one(folder: Path, one_filter: Filter, sample: Messages | str) -> tuple[str | None, str | None]:
    """Return the reason and the match of a conversation (its messages) or a text; no reason: it is kept."""
    if isinstance(sample, str):
        spec, schema, row = TEXTS_SPEC, TEXT_SCHEMA, text_row("a", sample)
    else:
        spec, schema, row = CONVERSATIONS_SPEC, CONVERSATION_SCHEMA, conversation_row("a") | {"messages": sample}
    write_table(folder / "table.parquet", [row], schema)
    (decision,) = decide(folder / "table.parquet", spec.messages, [one_filter], deduplication=None).to_pylist()
    return decision["reason"], decision["match"]
