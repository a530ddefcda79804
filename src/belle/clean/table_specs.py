"""Which filters there are, and the two tables that are cleaned."""

from collections.abc import Callable
from dataclasses import dataclass

import pyarrow as pa

from belle.clean.decontamination.conversations import ContaminatedConversation
from belle.clean.decontamination.texts import ContaminatedText
from belle.clean.deduplication.duplicates import EXACT, NEAR
from belle.clean.filters.blacklist import Blacklisted
from belle.clean.filters.control_characters import ControlCharacters
from belle.clean.filters.english_answer import EnglishAnswer
from belle.clean.filters.filter import Filter
from belle.clean.filters.gpt_question import GptQuestion
from belle.clean.filters.language import OtherLanguage
from belle.clean.filters.length import TooLong, TooShort
from belle.clean.filters.malformed import Empty, Malformed
from belle.clean.filters.missing_input import MissingInput
from belle.clean.filters.mojibake import Mojibake
from belle.clean.filters.perplexity import Perplexity
from belle.clean.filters.refusal import Refusal
from belle.clean.filters.repetition import Repetition
from belle.clean.filters.self_reference import SelfReference
from belle.clean.text import normalize, normalize_messages
from belle.config.clean import CleanParams
from belle.data.cleaned import UNREADABLE
from belle.data.tables import CONVERSATION_SCHEMA, CONVERSATIONS, TEXT_SCHEMA, TEXTS
from belle.libraries.daft_setup import daft

FILTERS: tuple[type[Filter], ...] = (
    Malformed,
    Empty,
    TooShort,
    TooLong,
    ControlCharacters,
    Mojibake,
    Repetition,
    OtherLanguage,
    Perplexity,
    SelfReference,
    GptQuestion,
    Refusal,
    MissingInput,
    EnglishAnswer,
    Blacklisted,
    ContaminatedConversation,
    ContaminatedText,
)
"""Every filter that looks at one row, in the order they are tried; the first that drops a row gives the reason."""

REASONS = (UNREADABLE, *dict.fromkeys(one.reason for one in FILTERS), EXACT, NEAR)
"""Every reason, in order. Duplicates come last, so that the row they repeat is a kept one."""


def filters_of(table: str, params: CleanParams, questions: dict[str, str]) -> list[Filter]:
    """Return the filters of `conversations` or `texts`, in order; `questions`: comparison key → id."""
    created = (one.create(params, questions) for one in FILTERS if table in one.tables)
    return [one for one in created if one is not None]


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
    """

    name: str
    file: str
    schema: pa.Schema
    column: str
    messages: daft.Expression
    normalized: Callable[[pa.Array], pa.Array]
    rendered: Callable[..., str]


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
)
TEXTS_SPEC = TableSpec(
    name="texts",
    file=TEXTS,
    schema=TEXT_SCHEMA,
    column="text",
    messages=_one_message,
    normalized=normalize,
    rendered=lambda text: text or "",
)
