"""Import the data sources of an experiment into one of the two tables of data/raw."""

from collections.abc import Iterator
from contextlib import contextmanager
from itertools import islice
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from belle.config.data import DataDownload
from belle.config.downloads import Download, Downloads
from belle.data.importers.formats import import_rows
from belle.data.tables import CONVERSATION_SCHEMA, TEXT_SCHEMA, Row, write_table
from belle.errors import UserError
from belle.files import fresh_file, write_json
from belle.mini.data.builtin import conversations, texts
from belle.progress import progress
from belle.sources.cache import download_cache
from belle.sources.fetch import fetch, provenance

SCHEMAS = {"conversations": CONVERSATION_SCHEMA, "texts": TEXT_SCHEMA}


def download_data(table: str, downloads: Downloads[DataDownload], target: Path) -> None:
    """Write `TABLE.parquet` and `TABLE.sources.json` into the folder `target`.

    Rows follow one another as the sources do in params.yaml. `TABLE.sources.json` holds, by source, its provenance,
    format, language and number of rows. Without sources the table is empty.

    Args:
        table: `conversations` or `texts`.
        downloads: its sources.
        target: receives both files when every source has been imported.

    Raises:
        UserError: a source cannot be fetched, or does not hold what its profile says.
    """
    with download_cache(table) as cache, fresh_file(target / f"{table}.parquet") as partial:
        importer = _Importer(cache, downloads.limit)
        write_table(partial, importer.rows(downloads.sources), SCHEMAS[table])
        write_json(target / f"{table}.sources.json", importer.records)


class _Importer:
    """Yields the rows of one source after the other and keeps a record of each."""

    def __init__(self, cache: Path, limit: int | None) -> None:
        self.cache, self.limit = cache, limit
        self.records: dict[str, dict[str, Any]] = {}

    def rows(self, sources: list[Download[DataDownload]]) -> Iterator[Row]:
        """Yield the first `limit` rows of each source; its files are removed afterwards."""
        for source in sources:
            name, profile, count = source.name, source.profile, 0
            with TemporaryDirectory(dir=self.cache) as files, _naming(name), progress(f"import {name}") as bar:
                record, rows = self._open(name, profile, Path(files))
                for row in islice(rows, self.limit):
                    yield row
                    count += 1
                    bar.advance()
            self.records[name] = record | {"format": profile.format, "language": profile.language, "rows": count}

    def _open(self, name: str, profile: DataDownload, files: Path) -> tuple[dict[str, Any], Iterator[Row]]:
        if profile.source.kind == "builtin":
            make = texts if profile.format == "text" else conversations
            return provenance(profile.source, None, files), make(profile.source.name, name)
        revision = fetch(profile.source, files, self.cache, "dataset")
        return provenance(profile.source, revision, files), import_rows(files, name, profile.format, profile.language)


@contextmanager
def _naming(source: str) -> Iterator[None]:
    """Begin every error of the block with the source's name."""
    try:
        yield
    except UserError as error:
        raise UserError("\n".join(f"{source}: {line}" for line in str(error).splitlines())) from None
