"""Import the data sources of an experiment into one of the two tables of data/raw."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import islice
from pathlib import Path
from typing import Any

from belle.config.data import DataDownload
from belle.config.downloads import Download, Downloads
from belle.config.source import Generated, Hub, HubDataset, LocalPath, Urls
from belle.data.cleaned import malformed_of
from belle.data.importers.convert import MalformedRows, Table
from belle.data.importers.import_rows import file_tables, import_rows, read_categories
from belle.data.tables import CONVERSATION_SCHEMA, MALFORMED_SCHEMA, TEXT_SCHEMA, Row, write_table
from belle.errors import UserError
from belle.files import fresh_file, write_json
from belle.mini.data.builtin import conversations, texts
from belle.progress import progress
from belle.sources.cache import DATA_CACHE, download_cache
from belle.sources.fetch import fetch, provenance
from belle.sources.hub_dataset import open_split

SCHEMAS = {"conversations": CONVERSATION_SCHEMA, "texts": TEXT_SCHEMA}
ADVICE = "repair them, or let data.max_malformed leave so many out"


def download_data(table: str, downloads: Downloads[DataDownload], target: Path) -> None:
    """Write `TABLE.parquet`, `TABLE.malformed.parquet` and `TABLE.sources.json` into the folder `target`.

    Rows follow one another as the sources do in params.yaml. `TABLE.sources.json` holds, by source, its provenance,
    format, language and numbers of rows, imported and malformed. Without sources the tables are empty.

    Args:
        table: `conversations` or `texts`.
        downloads: its sources.
        target: receives the files when every source has been imported.

    Raises:
        UserError: a source cannot be fetched, or does not hold what its profile says.
    """
    with download_cache(DATA_CACHE, keep=True) as cache, fresh_file(target / f"{table}.parquet") as partial:
        importer = _Importer(cache, downloads)
        write_table(partial, importer.rows(), SCHEMAS[table])
        with fresh_file(malformed_of(target / f"{table}.parquet")) as malformed:
            write_table(malformed, importer.malformed, MALFORMED_SCHEMA)
        write_json(target / f"{table}.sources.json", importer.records)


class _Importer:
    """Yields the rows of one source after the other and keeps a record of each, and the rows that do not fit."""

    def __init__(self, cache: Path, downloads: Downloads[DataDownload]) -> None:
        self.cache, self.downloads = cache, downloads
        self.records: dict[str, dict[str, Any]] = {}
        self.malformed: list[Row] = []

    def rows(self) -> Iterator[Row]:
        """Yield the first `limit` rows of each source; its files are removed afterwards."""
        for source in self.downloads.sources:
            name, profile, count = source.name, source.profile, 0
            malformed = MalformedRows(self.downloads.max_malformed, ADVICE)
            has_category = False
            with self._folder() as files, _naming(name), progress(f"import {name}") as bar:
                record, rows = self._open(source, files, malformed)
                for row in islice(rows, self.downloads.limit):
                    yield row
                    count += 1
                    has_category = has_category or row.get("category") is not None
                    bar.advance()
                malformed.check()
                if profile.categories and not has_category:
                    raise UserError("categories: no row has an id that is among them; correct it in the profile")
            self.malformed += [{"source": name, **row} for row in malformed.rows]
            counts = {"rows": count, "malformed": len(malformed.rows)}
            self.records[name] = record | {"format": profile.format, "language": profile.language} | counts

    @contextmanager
    def _folder(self) -> Iterator[Path]:
        """Yield an empty folder for the files of one source; what a killed run left in it is removed."""
        folder = self.cache / "import"
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir()
        try:
            yield folder
        finally:
            shutil.rmtree(folder)

    def _open(
        self, download: Download[DataDownload], files: Path, malformed: MalformedRows
    ) -> tuple[dict[str, Any], Iterator[Row]]:
        name, profile = download.name, download.profile
        source = profile.source
        if source.kind == "builtin":
            make = texts if profile.format == "text" else conversations
            return provenance(source, None, files), make(source.name, name)
        parts = {part: files / part for part in ("rows", "categories")}
        for folder in parts.values():
            folder.mkdir()
        revision, tables = self._tables(source, parts["rows"])
        record, categories = provenance(source, revision, parts["rows"]), None
        if profile.categories:
            labels = profile.categories.source
            revision, pairs = self._tables(labels, parts["categories"])
            record["categories"] = provenance(labels, revision, parts["categories"])
            categories = read_categories(pairs)
        return record, import_rows(tables, name, profile, malformed, categories)

    def _tables(
        self, source: LocalPath | Urls | Hub | HubDataset | Generated, files: Path
    ) -> tuple[str | None, Iterator[Table]]:
        """Fetch a source into the folder `files`, if it is one of files; return its commit and what it holds."""
        if source.kind == "dataset":
            commit, rows = open_split(source, self.cache)
            return commit, iter([(f"{source.repo}, split {source.split}", rows)])
        revision = fetch(source, files, self.cache, "dataset")
        return revision, file_tables(files)


@contextmanager
def _naming(source: str) -> Iterator[None]:
    """Begin every error of the block with the source's name."""
    try:
        yield
    except UserError as error:
        raise UserError("\n".join(f"{source}: {line}" for line in str(error).splitlines())) from None
