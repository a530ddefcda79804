"""Recognize how data are written, from their first records: format, columns, HTML, language."""

import re
from collections.abc import Callable

from belle.data.importers.formats import IMPORTERS, Message
from belle.data.importers.markdown import html_to_markdown, is_html
from belle.data.importers.records import Record, RowError, text_of

FORMATS: dict[str, Callable[[Record], bool]] = {
    "conversations": lambda record: {"messages", "language", "source"} <= record.keys(),
    "openai": lambda record: "messages" in record,
    "sharegpt": lambda record: "conversations" in record,
    "belle-multiturn": lambda record: "output" in record and str(record.get("instruction")).startswith("Human:"),
    "alpaca": lambda record: {"instruction", "output"} <= record.keys(),
    "belle": lambda record: {"input", "target"} <= record.keys(),
    "text": lambda record: "text" in record,
}
"""Format to what its records look like; the first one that fits most records is taken, so that the import can name the
others."""
OTHER_NAMES = {
    "instruction": ("question", "prompt", "query"),
    "input": ("context",),
    "output": ("answer", "response", "completion"),
}
"""Key of the format alpaca: what other data sets call it."""
HAN, KANA, LETTER = re.compile(r"[\u4e00-\u9fff]"), re.compile(r"[\u3040-\u30ff]"), re.compile(r"[^\W\d_]")
MOSTLY_HAN = 0.3
"""Fraction of the letters; Chinese data quotes English words and code."""


def recognize_format(records: list[Record], origin: str) -> str | None:
    """Return the format that most records have, None when none is known.

    Alpaca and BELLE share their keys: BELLE's own repositories join instruction and input as BELLE does.
    """
    found = next((name for name, fits in FORMATS.items() if 2 * sum(map(fits, records)) > len(records)), None)
    return "belle" if found == "alpaca" and origin.startswith("BelleGroup/") else found


def recognize_columns(records: list[Record]) -> dict[str, str]:
    """Return the columns of questions and answers under other names than a format has; empty when none are there."""
    if not records or any(fits(records[0]) for fits in FORMATS.values()):
        return {}
    names = {key: [name for name in (key, *others) if name in records[0]] for key, others in OTHER_NAMES.items()}
    found = {key: present[0] for key, present in names.items() if present}
    is_complete = {"instruction", "output"} <= found.keys()
    return {key: name for key, name in found.items() if key != name} if is_complete else {}


def recognize_language(records: list[Record], data_format: str | None) -> str | None:
    """Return `zh` for mostly Chinese contents; None for others, since letters do not tell English from French."""
    messages = (message for record in records for message in _messages(record, data_format))
    # the tags of HTML are no words
    text = "".join(html_to_markdown(message["content"]) for message in messages)
    letters = len(LETTER.findall(text))
    is_chinese = letters > 0 and len(HAN.findall(text)) >= MOSTLY_HAN * letters and not KANA.search(text)
    return "zh" if is_chinese else None


def recognize_html(records: list[Record], data_format: str) -> bool:
    """Return whether most answers are HTML, as in the raw files of ShareGPT."""
    messages = [message for record in records for message in _messages(record, data_format)]
    answers = [message["content"] for message in messages if message["role"] == "assistant"]
    return 2 * sum(map(is_html, answers)) > len(answers)


def _messages(record: Record, data_format: str | None) -> list[Message]:
    """Return the messages of a record, a text as one; none when it does not fit its format."""
    try:
        if data_format == "text":
            return [{"role": "text", "content": text_of(record, "text")}]
        return IMPORTERS[data_format](record) if data_format else []
    except RowError:
        return []  # the import names the row
