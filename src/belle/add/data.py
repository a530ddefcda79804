"""`belle add data`: conversations or texts, from a file, a folder or a hub repository."""

from pathlib import Path

from belle.add.options import Given, Options
from belle.add.origin import find_origin
from belle.add.profile import input_path, profile_path, save
from belle.add.recognize import FORMATS, recognize_format, recognize_language
from belle.add.records import choose_files, first_records, sample
from belle.add.show import render, say_next
from belle.config.data import DataProfile, Format
from belle.data.importers.formats import import_rows
from belle.progress import progress

SHOWN_ROWS = 3


def add_data(
    text: str,
    given: Given,
    data_format: Format | None = None,
    language: str | None = None,
    files: list[str] | None = None,
) -> None:
    """Show three rows of data as they are imported, and write configs/data/NAME.yaml.

    Every row of a local origin is imported, of a repository the first ones.

    Args:
        text: a file or folder, or the name of a hub repository.
        given: options of every kind.
        data_format: a format of docs/data.md; otherwise recognized by the keys of the first records.
        language: ISO 639-1 code; only Chinese is recognized.
        files: those of a repository that hold the data.

    Raises:
        UserError: something needed is neither recognized nor given, a row does not fit its format, or the profile is
            there already.
    """
    origin = find_origin(text, "dataset")
    options, name = Options(origin, given), given.name or origin.name
    path, chosen = profile_path("data", name, given.force), choose_files(origin, files, options)
    place = input_path(origin.path, name, given.force) if origin.path else None
    with sample(origin, chosen) as folder:
        records = first_records(folder) if chosen else []
        keys = ", ".join(records[0]) if records else "no keys"
        hint = f"one of {', '.join(FORMATS)} (docs/data.md); a row has {keys}"
        values = {"format": options.take("--format", data_format, recognize_format(records, text), hint)}
        found = recognize_language(records, values["format"])
        values["language"] = options.take("--language", language, found, "its code, as en or zh")
        values |= options.license_and_homepage()
        options.refuse_missing()
        count = _show(folder, name, str(values["format"]), str(values["language"]))
    save(path, DataProfile, {"source": origin.source(place, chosen), **values}, origin.path)
    rows = f"{count} rows" if place else f"the first {count} rows fit"
    print(f"format {values['format']}, language {values['language']}, license {values['license']}; {rows}")
    key = "data.texts.sources" if values["format"] == "text" else "data.sources"
    say_next(path, place, f"{key}=[{name}]")


def _show(folder: Path, name: str, data_format: str, language: str) -> int:
    """Import every row, print the first ones, and return how many there are."""
    count = 0
    with progress(f"import {name}") as bar:
        for count, row in enumerate(import_rows(folder, name, data_format, language), start=1):
            if count <= SHOWN_ROWS:
                print(render(row))
            bar.advance()
    return count
