"""`belle add data`: conversations or texts, from a file, a folder, a URL or a hub repository."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from belle.add.options import Given, Options
from belle.add.origin import find_origin
from belle.add.profile import input_path, profile_path, save
from belle.add.recognize import FORMATS, recognize_columns, recognize_format, recognize_html, recognize_language
from belle.add.records import Part, choose_source, first_records, sample
from belle.add.show import render, say_next
from belle.config.base import parse
from belle.config.data import DataDownload, DataProfile, Format
from belle.data.importers.convert import MOST_NAMED, MalformedRows, Table
from belle.data.importers.import_rows import import_rows, rename
from belle.data.importers.records import Record
from belle.errors import UserError
from belle.progress import progress

SHOWN_ROWS = 3
ADVICE = "repair them, or give --max-malformed to leave so many out"


@dataclass(frozen=True)
class RowOptions:
    """The options that say how rows are read; None for one that was not given.

    Attributes:
        format: a format of docs/data.md.
        language: ISO 639-1 code; only Chinese is recognized.
        columns: `KEY=COLUMN`, a key of the format and the column that holds it.
        max_malformed: rows that may not fit.
    """

    format: Format | None = None
    language: str | None = None
    columns: list[str] = field(default_factory=list)
    max_malformed: int = 0


def add_data(text: str, given: Given, rows: RowOptions | None = None, part: Part | None = None) -> None:
    """Show three rows of data as they are imported, and write configs/data/NAME.yaml.

    Every row of a local origin and of a URL is imported, of a repository the first ones.

    Args:
        text: a file or folder, a URL, or the name of a hub repository.
        given: options of every kind.
        rows: how they are written, otherwise recognized by the keys of the first records.
        part: of a repository.

    Raises:
        UserError: something needed is neither recognized nor given, a row does not fit its format, or the profile is
            there already.
    """
    rows, part = rows or RowOptions(), part or Part()
    origin = find_origin(text, "dataset")
    options, name = Options(origin, given), given.name or origin.name
    path = profile_path("data", name, given.force)
    place = input_path(origin.path, name, given.force) if origin.path else None
    source = choose_source(origin, place, part, options)
    with sample(origin, source) as tables:
        # without a source there are no records, and the options that are missing are named
        records = first_records(tables(), MalformedRows(rows.max_malformed, ADVICE))
        values = {"source": source, **_recognize(records, rows, options, origin.text)}
        download = {key: values[key] for key in values if key in DataDownload.model_fields}
        malformed = MalformedRows(rows.max_malformed, ADVICE)
        count = _show(tables(), name, parse(DataDownload, download, path), malformed)
    if not count:
        raise UserError(f"{origin.text}: none of its {len(malformed.rows)} rows fits the format {values['format']}")
    save(path, DataProfile, values, origin.path)
    is_whole = origin.path is not None or origin.url is not None
    _say(path, place, values, f"{count} rows" if is_whole else f"the first {count} rows fit", malformed)


def _recognize(records: list[Record], rows: RowOptions, options: Options, origin: str) -> dict[str, Any]:
    """Return the keys of a profile beside `source`.

    Raises:
        UserError: names every option that is needed.
    """
    columns = _columns(rows.columns) or ({} if rows.format else recognize_columns(records))
    records = [rename(record, columns) for record in records]
    keys = ", ".join(records[0]) if records else "no keys"
    hint = f"one of {', '.join(FORMATS)} (docs/data.md), and --column KEY=COLUMN for other names; a row has {keys}"
    data_format = options.take("--format", rows.format, recognize_format(records, origin), hint)
    found = recognize_language(records, data_format)
    language = options.take("--language", rows.language, found, "its code, as en or zh")
    license_and_homepage = options.license_and_homepage()
    options.refuse_missing()
    optional: dict[str, Any] = {"columns": columns, "html_to_markdown": recognize_html(records, str(data_format))}
    return {
        "format": data_format, "language": language, **{key: value for key, value in optional.items() if value},
        **license_and_homepage,
    }  # fmt: skip


def _columns(given: list[str]) -> dict[str, str]:
    pairs = [text.partition("=") for text in given]
    if wrong := ["".join(pair) for pair in pairs if not all(pair)]:
        raise UserError(f"--column: {', '.join(wrong)}: write KEY=COLUMN, as in --column instruction=question")
    return {key: column for key, _, column in pairs}


def _show(tables: Iterator[Table], name: str, download: DataDownload, malformed: MalformedRows) -> int:
    """Import every row, print the first ones, and return how many there are."""
    count = 0
    with progress(f"import {name}") as bar:
        for count, row in enumerate(import_rows(tables, name, download, malformed), start=1):
            if count <= SHOWN_ROWS:
                print(render(row))
            bar.advance()
    return count


def _say(path: Path, place: Path | None, values: dict[str, Any], rows: str, malformed: MalformedRows) -> None:
    if values.get("html_to_markdown"):
        print("answers are HTML, converted to Markdown")
    if columns := values.get("columns"):
        print(f"columns {', '.join(f'{key}: {column}' for key, column in columns.items())}")
    for row in malformed.rows[:MOST_NAMED]:
        print(f"left out: {row['file']}: row {row['row']}: {row['problem']}")
    if more := len(malformed.rows[MOST_NAMED:]):
        print(f"left out: {more} more rows")
    print(f"format {values['format']}, language {values['language']}, license {values['license']}; {rows}")
    key = "data.texts.sources" if values["format"] == "text" else "data.sources"
    tolerated = [f"data.max_malformed={len(malformed.rows)}"] if malformed.rows else []
    say_next(path, place, f"{key}=[{path.stem}]", *tolerated)
