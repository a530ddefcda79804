"""The two tables that are cleaned: the column that holds their text, and their filters."""

from collections.abc import Callable
from dataclasses import dataclass

import pyarrow as pa

from belle.clean.filters.contamination import ContaminatedConversation, ContaminatedText
from belle.clean.filters.duplicate import REASON as DUPLICATE
from belle.clean.filters.filter import Filter
from belle.clean.filters.length import TooLong, TooShort
from belle.clean.filters.malformed import Empty, Malformed
from belle.clean.text import normalize, normalize_messages
from belle.config.clean import CleanParams
from belle.data.tables import CONVERSATION_SCHEMA, CONVERSATIONS, TEXT_SCHEMA, TEXTS
from belle.libraries.daft_setup import daft

FILTERS: tuple[type[Filter], ...] = (Malformed, Empty, TooShort, TooLong, ContaminatedConversation)
"""Every filter that looks at one row, in the order they are tried; the first that drops a row gives the reason."""

REASONS = (*(one.reason for one in FILTERS), DUPLICATE)
"""Every reason, in order. Duplicates come last, so that the row they equal is a kept one."""


@dataclass(frozen=True)
class TableSpec:
    """What differs between conversations and texts.

    Attributes:
        name: for people and in the metrics.
        file: name of the table in data/raw and data/clean.
        schema: of the table.
        column: holds the text.
        messages: that column seen as a list of {role, content}.
        normalized: its normal form, array [n] → array [n].
        rendered: one value of it as plain text.
        filters: from the thresholds and the evaluation questions (comparison key → id) to the filters, in order.
    """

    name: str
    file: str
    schema: pa.Schema
    column: str
    messages: daft.Expression
    normalized: Callable[[pa.Array], pa.Array]
    rendered: Callable[..., str]
    filters: Callable[[CleanParams, dict[str, str]], list[Filter]]


def conversation_filters(params: CleanParams, questions: dict[str, str]) -> list[Filter]:
    """Return the filters of conversations, in order; `questions`: comparison key → id."""
    filters = [Malformed(), Empty(), TooShort(params.min_characters), TooLong(params.max_characters)]
    return [*filters, ContaminatedConversation(questions)] if params.decontaminate else filters


def text_filters(params: CleanParams, questions: dict[str, str]) -> list[Filter]:
    """Return the filters of texts, in order; a text has no roles and no maximum length."""
    filters: list[Filter] = [Empty(), TooShort(params.min_characters)]
    return [*filters, ContaminatedText(questions)] if params.decontaminate else filters


def _transcript(messages: list[dict[str, str]] | None) -> str:
    return "\n\n".join(f"{message['role']}: {message['content']}" for message in messages or ())


_one_message = daft.functions.to_list(daft.functions.to_struct(role=daft.lit("text"), content=daft.col("text")))

CONVERSATIONS_SPEC = TableSpec(
    name="conversations",
    file=CONVERSATIONS,
    schema=CONVERSATION_SCHEMA,
    column="messages",
    messages=daft.col("messages"),
    normalized=normalize_messages,
    rendered=_transcript,
    filters=conversation_filters,
)
TEXTS_SPEC = TableSpec(
    name="texts",
    file=TEXTS,
    schema=TEXT_SCHEMA,
    column="text",
    messages=_one_message,
    normalized=normalize,
    rendered=lambda text: text or "",
    filters=text_filters,
)
