"""Import the files of a source as rows: one function per format converts a record to messages.

A new format is a function and a line in `IMPORTERS`. Importers do not clean: contents are kept as they are, blanks and
empty turns too.
"""

import re
from collections.abc import Callable, Iterator
from pathlib import Path

from belle.data.importers.records import (
    Record,
    RowError,
    convert_records,
    list_of,
    optional_text,
    own_id,
    record_files,
    text_of,
)
from belle.data.tables import Row

Message = dict[str, str]

ROLES = ("system", "user", "assistant")
SHAREGPT_ROLES = {"human": "user", "user": "user", "system": "system"}
TURN = re.compile(r"(?:^|\n)(Human|Assistant):")
TURN_ROLES = {"Human": "user", "Assistant": "assistant"}


def alpaca(record: Record) -> list[Message]:
    """Read `instruction`, `input` (may be absent) and `output`; a newline joins the first two as in Alpaca."""
    parts = text_of(record, "instruction"), optional_text(record, "input")
    return _exchange("\n".join(filter(None, parts)), text_of(record, "output"))


def belle(record: Record) -> list[Message]:
    """Read BELLE's single turns: `instruction` + `input` + `output`, or the older `input` + `target`.

    Instruction and input are joined with nothing between, as BELLE's `convert_to_conv_data.py` does.
    """
    if "target" in record:
        return _exchange(text_of(record, "input"), text_of(record, "target"))
    return _exchange(text_of(record, "instruction") + (optional_text(record, "input") or ""), text_of(record, "output"))


def sharegpt(record: Record) -> list[Message]:
    """Read `conversations`, a list of `from` and `value`, as in ShareGPT and in BELLE's conversation files.

    As in BELLE's training code every speaker who is not the human is the assistant (`gpt`, `bard`, …);
    `system` and `user`, which BELLE did not know, mean what they say.
    """
    turns = list_of(record, "conversations")
    return [
        {
            "role": SHAREGPT_ROLES.get(text_of(turn, "from").lower(), "assistant"),
            "content": text_of(turn, "value"),
        }
        for turn in turns
    ]


def belle_multiturn(record: Record) -> list[Message]:
    r"""Read BELLE's multi-turn text: `instruction` holds `Human:…\nAssistant:…\nHuman:…\nAssistant:`.

    `output` is the last reply; text behind the last `Assistant:` is its beginning. A line opens a turn only
    when it is its speaker's turn; other such lines are content (a quoted dialogue). BELLE published no parser.
    """
    history = text_of(record, "instruction")
    messages: list[Message] = []
    start = 0
    for mark in TURN.finditer(history):
        role = TURN_ROLES[mark[1]]
        if role != ("assistant" if len(messages) % 2 else "user"):
            continue
        if messages:
            messages[-1]["content"] = history[start : mark.start()]
        elif mark.start() > 0:
            break
        messages.append({"role": role, "content": ""})
        start = mark.end()
    if not messages:
        raise RowError("key 'instruction': expected a history that begins with 'Human:'")
    messages[-1]["content"] = history[start:]
    if messages[-1]["role"] == "user":
        messages.append({"role": "assistant", "content": ""})
    messages[-1]["content"] += text_of(record, "output")
    return messages


def openai(record: Record) -> list[Message]:
    """Read `messages`, a list of `role` (system, user, assistant) and `content`, a string."""
    return [{"role": _role(message), "content": text_of(message, "content")} for message in list_of(record, "messages")]


IMPORTERS: dict[str, Callable[[Record], list[Message]]] = {
    "alpaca": alpaca,
    "belle": belle,
    "sharegpt": sharegpt,
    "belle-multiturn": belle_multiturn,
    "openai": openai,
    "conversations": openai,
}
"""`conversations` is this project's own table, whose messages are written as OpenAI's."""


def _exchange(question: str, answer: str) -> list[Message]:
    return [{"role": "user", "content": question}, {"role": "assistant", "content": answer}]


def _role(message: Record) -> str:
    role = text_of(message, "role")
    if role not in ROLES:
        raise RowError(f"key 'role': unknown role {role!r}; known roles: {', '.join(ROLES)}")
    return role


def import_rows(folder: Path, source: str, data_format: str, language: str) -> Iterator[Row]:
    """Yield the conversations, or with format `text` the texts, of a source, in the order of files and rows.

    Args:
        folder: the source's files; those that hold no records are left out and named on stderr.
        source: the profile's name.
        data_format: how the records are written, a key of `IMPORTERS` or `text`.
        language: of the rows, unless they bring their own.

    Raises:
        UserError: a file or a row does not fit the format; names file, row and key.
    """

    def row_of(number: int, record: Record) -> Row:
        row: Row = {"id": _id(number, record, source), "source": source}
        if data_format == "text":
            return row | {"language": language, "text": text_of(record, "text")}
        # only this project's own tables say which language a row is in
        own = optional_text(record, "language") if data_format == "conversations" else None
        category = optional_text(record, "category")
        return row | {"language": own or language, "category": category, "messages": IMPORTERS[data_format](record)}

    return convert_records(record_files(folder), row_of)


def _id(number: int, record: Record, source: str) -> str:
    """Return `SOURCE-NUMBER`, or `SOURCE-NUMBER/OWN` where the record has an id: unique even if its own is not."""
    own = own_id(record)
    return f"{source}-{number}" if own is None else f"{source}-{number}/{own}"
