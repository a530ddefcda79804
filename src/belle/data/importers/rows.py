"""Rows of the tables in data/raw out of the files of a source."""

from collections.abc import Iterator
from pathlib import Path

from belle.config.data import DataProfile
from belle.data.importers.conversations import IMPORTERS
from belle.data.importers.fields import RowError, convert_records, optional_text, text_of
from belle.data.importers.records import Record, record_files
from belle.data.tables import Row


def import_rows(folder: Path, source: str, profile: DataProfile) -> Iterator[Row]:
    """Yield the conversations, or with format `text` the texts, of a source, in the order of files and rows.

    Args:
        folder: the source's files; what is no file of records is left out and named on stderr.
        source: the profile's name.
        profile: says how the records are written.

    Raises:
        UserError: a file or a row does not fit the format; names file, row and key.
    """
    row_of = _text if profile.format == "text" else _conversation
    return convert_records(record_files(folder), lambda number, record: row_of(number, record, source, profile))


def _conversation(number: int, record: Record, source: str, profile: DataProfile) -> Row:
    return {
        "id": _id(number, record, source),
        "source": source,
        "language": _language(record, profile),
        "category": optional_text(record, "category"),
        "messages": IMPORTERS[profile.format](record),
    }


def _text(number: int, record: Record, source: str, profile: DataProfile) -> Row:
    text = text_of(record, "text")
    return {"id": _id(number, record, source), "source": source, "language": profile.language, "text": text}


def _id(number: int, record: Record, source: str) -> str:
    """`SOURCE-NUMBER`, or `SOURCE-NUMBER/OWN` where the row brings an id: unique even if its own is not."""
    own = record.get("id")
    if own is None or own == "":
        return f"{source}-{number}"
    if isinstance(own, bool) or not isinstance(own, int | str):
        raise RowError(f"key 'id': expected a string or an integer, found {type(own).__name__}")
    return f"{source}-{number}/{own if isinstance(own, int) else text_of(record, 'id')}"


def _language(record: Record, profile: DataProfile) -> str:
    """The row's own language in this project's own tables, the profile's elsewhere."""
    own = optional_text(record, "language") if profile.format == "conversations" else None
    return own or profile.language
