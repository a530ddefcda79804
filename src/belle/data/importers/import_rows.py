"""Import the tables of a source as rows of data/raw."""

import sys
from collections.abc import Iterator
from itertools import chain
from pathlib import Path
from typing import Any

from belle.config.data import DataDownload
from belle.data.importers.convert import MalformedRows, Table, convert_records
from belle.data.importers.formats import IMPORTERS, Message
from belle.data.importers.markdown import html_to_markdown
from belle.data.importers.read_files import read_rows, record_files
from belle.data.importers.records import Record, filled_text_of, optional_text, own_id, text_of
from belle.data.importers.split_long import split_long
from belle.data.tables import Row


def file_tables(folder: Path) -> Iterator[Table]:
    """Yield each file below a folder that holds records, by its path in there; others are named on stderr."""
    base = folder if folder.is_dir() else folder.parent
    return ((path.relative_to(base).as_posix(), read_rows(path)) for path in record_files(folder))


def read_categories(tables: Iterator[Table]) -> dict[str, str]:
    """Return the category of each id; about 0.12 GB for a million.

    Raises:
        UserError: a row has no id or no category; names file and row.
    """

    def pair(_: int, record: Record) -> tuple[str, str]:
        # there are a dozen categories: each is kept once
        return own_id(record) or filled_text_of(record, "id"), sys.intern(filled_text_of(record, "category"))

    return dict(convert_records(tables, pair))


def import_rows(
    tables: Iterator[Table],
    source: str,
    profile: DataDownload,
    malformed: MalformedRows | None = None,
    categories: dict[str, str] | None = None,
) -> Iterator[Row]:
    """Yield the conversations, or with format `text` the texts, of a source, in order.

    Args:
        tables: what the source holds.
        source: the profile's name.
        profile: how its records are written and prepared.
        malformed: receives the rows that do not fit; without it none is tolerated.
        categories: the category of each row that brings none, by the row's own id.

    Raises:
        UserError: a file or too many rows do not fit the format; names file, row and key.
    """

    def rows_of(number: int, record: Record) -> list[Row]:
        record = rename(record, profile.columns)
        row: Row = {"id": _id(number, record, source), "source": source}
        if profile.format == "text":
            return [row | {"language": profile.language, "text": text_of(record, "text")}]
        # only this project's own tables say which language a row is in
        own = optional_text(record, "language") if profile.format == "conversations" else None
        category = optional_text(record, "category") or (categories or {}).get(own_id(record) or "")
        row |= {"language": own or profile.language, "category": category}
        return _pieces(row, _prepared(IMPORTERS[profile.format](record), profile), profile)

    return chain.from_iterable(convert_records(tables, rows_of, malformed))


def rename(record: Record, columns: dict[str, str]) -> Record:
    """Return a record with the keys of its format, each from the column that the profile names for it."""
    if not columns:
        return record
    renamed: dict[str, Any] = {key: value for key, value in record.items() if key not in columns}
    return renamed | {key: record[column] for key, column in columns.items() if column in record}


def _id(number: int, record: Record, source: str) -> str:
    """Return `SOURCE-NUMBER`, or `SOURCE-NUMBER/OWN` where the record has an id: unique even if its own is not."""
    own = own_id(record)
    return f"{source}-{number}" if own is None else f"{source}-{number}/{own}"


def _prepared(messages: list[Message], profile: DataDownload) -> list[Message]:
    if not profile.html_to_markdown:
        return messages
    # what a user typed is no HTML, even where it looks like it
    return [
        message | {"content": html_to_markdown(message["content"])} if message["role"] == "assistant" else message
        for message in messages
    ]


def _pieces(row: Row, messages: list[Message], profile: DataDownload) -> list[Row]:
    """Return the conversation as rows: one, or `ID#1`, `ID#2`, … where it is cut."""
    pieces = split_long(messages, profile.split_long) if profile.split_long else [messages]
    if len(pieces) == 1:
        return [row | {"messages": pieces[0]}]
    return [row | {"id": f"{row['id']}#{number}", "messages": piece} for number, piece in enumerate(pieces, start=1)]
