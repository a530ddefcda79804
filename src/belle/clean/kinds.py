"""The two kinds of tables that are cleaned: where their text stands and which rules they keep."""

from collections.abc import Callable
from dataclasses import dataclass

import pyarrow as pa

from belle.clean.engine import daft
from belle.clean.messages import normalised
from belle.clean.rules.empty import Empty
from belle.clean.rules.evaluation import EvaluationQuestion, EvaluationText
from belle.clean.rules.length import TooLong, TooShort
from belle.clean.rules.malformed import Malformed
from belle.clean.rules.rule import Rule
from belle.clean.text import normalise
from belle.config.data import CleanParams
from belle.data.tables import CONVERSATION_SCHEMA, CONVERSATIONS, TEXT_SCHEMA, TEXTS

REASONS = ("malformed", "empty", "too_short", "too_long", "evaluation", "duplicate")
"""In the order the rules are tried. Duplicates come last, so that the row they equal is one that stays."""


@dataclass(frozen=True)
class Kind:
    """What differs between conversations and texts.

    Args:
        name: for people.
        file: name of the table in data/raw and data/clean.
        schema: of the table.
        column: where the text stands.
        messages: that column seen as a list of {role, content}.
        normalised: its normal form, array [n] → array [n].
        rendered: one value of it as plain text.
        rules: from the thresholds and the evaluation questions (comparison key → id) to the rules, in order.
    """

    name: str
    file: str
    schema: pa.Schema
    column: str
    messages: daft.Expression
    normalised: Callable[[pa.Array], pa.Array]
    rendered: Callable[..., str]
    rules: Callable[[CleanParams, dict[str, str]], list[Rule]]


def conversation_rules(params: CleanParams, questions: dict[str, str]) -> list[Rule]:
    """Return the rules for a conversation, in order; `questions`: comparison key → id."""
    rules = [Malformed(), Empty(), TooShort(params.min_characters), TooLong(params.max_characters)]
    return [*rules, EvaluationQuestion(questions)] if params.drop_evaluation_rows else rules


def text_rules(params: CleanParams, questions: dict[str, str]) -> list[Rule]:
    """Return the rules for a text, in order; it has no roles, and may be as long as a book."""
    rules = [Empty(), TooShort(params.min_characters)]
    return [*rules, EvaluationText(questions)] if params.drop_evaluation_rows else rules


def _transcript(messages: list[dict[str, str]] | None) -> str:
    return "\n\n".join(f"{message['role']}: {message['content']}" for message in messages or ())


_one_message = daft.functions.to_list(daft.functions.to_struct(role=daft.lit("text"), content=daft.col("text")))

CONVERSATION = Kind(
    name="conversations",
    file=CONVERSATIONS,
    schema=CONVERSATION_SCHEMA,
    column="messages",
    messages=daft.col("messages"),
    normalised=normalised,
    rendered=_transcript,
    rules=conversation_rules,
)
TEXT = Kind(
    name="texts",
    file=TEXTS,
    schema=TEXT_SCHEMA,
    column="text",
    messages=_one_message,
    normalised=normalise,
    rendered=lambda text: text or "",
    rules=text_rules,
)
