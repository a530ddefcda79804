"""The data of an experiment, from all its sources, as the two tables of data/raw."""

from collections.abc import Iterator
from contextlib import contextmanager
from itertools import chain, islice
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from belle.config.data import DataParams, DataProfile
from belle.config.section import load_profile
from belle.data.importers.rows import import_rows
from belle.data.tables import CONVERSATION_SCHEMA, CONVERSATIONS, TEXT_SCHEMA, TEXTS, Row, write_table
from belle.download.fetch import fetch
from belle.download.provenance import provenance
from belle.download.staging import staging
from belle.errors import UserError
from belle.files import fresh_directory, write_json
from belle.mini.data import conversations, texts
from belle.progress import progress

Profiles = dict[str, DataProfile]


def download_data(params: DataParams, target: Path) -> None:
    """Write `conversations.parquet`, `texts.parquet` and `sources.json` to `target`.

    Rows follow one another as the sources do in params.yaml. `sources.json` holds, by source, its provenance,
    format, language and number of rows.

    Raises:
        UserError: a source is in the wrong list, cannot be fetched, or does not hold what its profile says.
    """
    profiles = {name: load_profile(DataProfile, "data", name) for name in (*params.sources, *params.text_sources)}
    _check_kinds(params, profiles)
    with staging("data") as stage, fresh_directory(target) as folder:
        reader = _Reader(profiles, params.allow_unpinned, folder, stage)
        rows = chain.from_iterable(reader.rows(name, params.limit) for name in params.sources)
        write_table(folder / CONVERSATIONS, rows, CONVERSATION_SCHEMA)
        rows = chain.from_iterable(reader.rows(name, params.text_limit) for name in params.text_sources)
        write_table(folder / TEXTS, rows, TEXT_SCHEMA)
        write_json(folder / "sources.json", reader.records)


def _check_kinds(params: DataParams, profiles: Profiles) -> None:
    problems = [
        f"params.yaml: data.sources: {name} is plain text; name it under data.text_sources"
        for name in params.sources
        if profiles[name].format == "text"
    ]
    problems += [
        f"params.yaml: data.text_sources: {name} is conversations, not plain text; name it under data.sources"
        for name in params.text_sources
        if profiles[name].format != "text"
    ]
    if problems:
        raise UserError("\n".join(problems))


class _Reader:
    """Yields the rows of one source after the other and keeps a record of each."""

    def __init__(self, profiles: Profiles, allow_unpinned: bool, folder: Path, stage: Path) -> None:
        self.profiles, self.allow_unpinned, self.folder, self.stage = profiles, allow_unpinned, folder, stage
        self.records: dict[str, dict[str, Any]] = {}

    def rows(self, name: str, limit: int | None) -> Iterator[Row]:
        """Rows of a source, the first `limit` of them; its files are removed afterwards."""
        profile = self.profiles[name]
        with TemporaryDirectory(dir=self.folder) as files, _naming(name):
            record, rows = self._open(name, profile, Path(files))
            with progress(f"import {name}") as bar:
                for row in islice(rows, limit):
                    yield row
                    bar.advance()
            self.records[name] = record | {
                "format": profile.format,
                "language": profile.language,
                "rows": bar.done,
            }

    def _open(self, name: str, profile: DataProfile, files: Path) -> tuple[dict[str, Any], Iterator[Row]]:
        if profile.source.kind == "builtin":
            make = texts if profile.format == "text" else conversations
            return provenance(profile, None, files), make(profile.source.name, name)
        revision = fetch(profile.source, files, self.stage, "dataset", self.allow_unpinned)
        return provenance(profile, revision, files), import_rows(files, name, profile)


@contextmanager
def _naming(source: str) -> Iterator[None]:
    """Say which source a problem is in."""
    try:
        yield
    except UserError as error:
        raise UserError(f"{source}: {error}") from None
