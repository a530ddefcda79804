"""Import the data sources of an experiment into the two tables of data/raw."""

from collections.abc import Iterator
from contextlib import contextmanager
from itertools import islice
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from belle.config.base import load_profile
from belle.config.data import DataParams, DataProfile
from belle.data.importers.formats import import_rows
from belle.data.tables import CONVERSATION_SCHEMA, CONVERSATIONS, TEXT_SCHEMA, TEXTS, Row, write_table
from belle.errors import UserError
from belle.files import fresh_directory, write_json
from belle.mini.data.builtin import conversations, texts
from belle.progress import progress
from belle.sources.cache import download_cache
from belle.sources.fetch import fetch, provenance


def download_data(params: DataParams, target: Path) -> None:
    """Write `conversations.parquet`, `texts.parquet` and `sources.json` to `target`.

    Rows follow one another as the sources do in params.yaml. `sources.json` holds, by source, its provenance,
    format, language and number of rows.

    Args:
        params: section `data`.
        target: replaced when every source has been imported.

    Raises:
        UserError: a source cannot be fetched, or does not hold what its profile says.
    """
    with download_cache("data") as cache, fresh_directory(target) as folder:
        importer = _Importer(folder, cache)
        write_table(folder / CONVERSATIONS, importer.rows(params.sources, params.limit), CONVERSATION_SCHEMA)
        write_table(folder / TEXTS, importer.rows(params.texts.sources, params.texts.limit), TEXT_SCHEMA)
        write_json(folder / "sources.json", importer.records)


class _Importer:
    """Yields the rows of one source after the other and keeps a record of each."""

    def __init__(self, folder: Path, cache: Path) -> None:
        self.folder, self.cache = folder, cache
        self.records: dict[str, dict[str, Any]] = {}

    def rows(self, sources: list[str], limit: int | None) -> Iterator[Row]:
        """Yield the first `limit` rows of each source; its files are removed afterwards."""
        for name in sources:
            profile, count = load_profile(DataProfile, "data", name), 0
            with TemporaryDirectory(dir=self.folder) as files, _naming(name), progress(f"import {name}") as bar:
                record, rows = self._open(name, profile, Path(files))
                for row in islice(rows, limit):
                    yield row
                    count += 1
                    bar.advance()
            self.records[name] = record | {"format": profile.format, "language": profile.language, "rows": count}

    def _open(self, name: str, profile: DataProfile, files: Path) -> tuple[dict[str, Any], Iterator[Row]]:
        if profile.source.kind == "builtin":
            make = texts if profile.format == "text" else conversations
            return provenance(profile, None, files), make(profile.source.name, name)
        revision = fetch(profile.source, files, self.cache, "dataset")
        return provenance(profile, revision, files), import_rows(files, name, profile.format, profile.language)


@contextmanager
def _naming(source: str) -> Iterator[None]:
    """Begin every error of the block with the source's name."""
    try:
        yield
    except UserError as error:
        raise UserError("\n".join(f"{source}: {line}" for line in str(error).splitlines())) from None
