"""Import the files of a source as rows of the tables in data/raw.

Files → records (`records`) → typed values of a record (`fields`) → messages, by format (`formats`) → rows.
"""

from collections.abc import Iterator
from pathlib import Path

from belle.data.importers.fields import Record, RowError, optional_text, text_of
from belle.data.importers.formats import IMPORTERS
from belle.data.importers.records import convert_records, record_files
from belle.data.tables import Row


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
    own = record.get("id")
    if own is None or own == "":
        return f"{source}-{number}"
    if isinstance(own, bool) or not isinstance(own, int | str):
        raise RowError(f"key 'id': expected a string or an integer, found {type(own).__name__}")
    return f"{source}-{number}/{own if isinstance(own, int) else text_of(record, 'id')}"
