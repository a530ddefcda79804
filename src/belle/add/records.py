"""What an origin holds: its `source` in the profile, and its rows, all of a local one and the first of a remote one."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from belle.add.options import Options
from belle.add.origin import Origin, downloaded
from belle.config.source import HubDataset
from belle.data.importers.convert import MalformedRows, Table, convert_records
from belle.data.importers.import_rows import file_tables
from belle.data.importers.read_files import ENDINGS, UnreadableRow, holds_records, is_text, read_rows
from belle.data.importers.records import Record
from belle.errors import UserError
from belle.sources.hub import first_bytes
from belle.sources.hub_dataset import configs_of, open_split, splits_of

SAMPLE_RECORDS = 100
SAMPLE_BYTES = 1 << 22
"""Of a hub file; a record longer than this cannot be looked at."""
DEFAULT_SPLIT = "train"
Source = dict[str, Any]
Tables = Callable[[], Iterator[Table]]


@dataclass(frozen=True)
class Part:
    """The options that say which part of a hub repository is meant; None for one that was not given."""

    files: list[str] | None = None
    config: str | None = None
    split: str | None = None
    streaming: bool = False

    @property
    def is_dataset(self) -> bool:
        """Whether it can only be meant for the `datasets` library."""
        return self.config is not None or self.split is not None or self.streaming


def choose_source(origin: Origin, place: Path | None, part: Part, options: Options) -> Source | None:
    """Return `source` of a data profile; None when options for it are still missing.

    Of a repository, the JSON or CSV files that were named, or the only file with rows if it is one; otherwise a split.

    Raises:
        UserError: the origin holds no rows, or not what was asked for.
    """
    rows = [name for name in origin.names if holds_records(name)]
    is_remote = origin.path is None and origin.url is None
    if not is_remote and (part.files or part.is_dataset):
        raise UserError(f"{origin.text}: --files, --config, --split and --streaming are about a repository of the hub")
    if not is_remote or part.files or (len(rows) == 1 and is_text(rows[0]) and not part.is_dataset):
        files = choose_files(origin, part.files, options)
        if is_remote and (others := [name for name in files if not is_text(name)]):
            raise UserError(f"{origin.text}: --files: {', '.join(others)}: give --split, which reads such files")
        return origin.source(place, files)
    return _choose_split(origin, part, options)


def _choose_split(origin: Origin, part: Part, options: Options) -> Source | None:
    configs = configs_of(origin.text, origin.commit)
    only = configs[0] if len(configs) == 1 else None
    config = options.take("--config", part.config, only, f"which of {', '.join(configs)}")
    if config is None:
        return None
    splits = splits_of(origin.text, origin.commit, config)
    usual = DEFAULT_SPLIT if DEFAULT_SPLIT in splits else splits[0] if len(splits) == 1 else None
    split = options.take("--split", part.split, usual, f"which of {', '.join(splits)}")
    if split is None:
        return None
    named = {} if config == only else {"config": config}
    streaming = {"streaming": True} if part.streaming else {}
    return {"kind": "dataset", "repo": origin.text, "revision": origin.commit, **named, "split": split, **streaming}


def choose_files(origin: Origin, given: list[str] | None, options: Options) -> list[str]:
    """Return the files of an origin that hold records: all local ones; of a repository those given or the only one.

    Raises:
        UserError: a local origin holds none, or a file that was given is not in the repository.
    """
    found = [name for name in origin.names if holds_records(name)]
    named = ", ".join(origin.names[:20]) or "nothing"
    if origin.path is not None or origin.url is not None:
        if not found:
            raise UserError(f"{origin.text}: expected rows in one of the formats {ENDINGS}; found {named}")
        return found
    if absent := [name for name in given or () if name not in origin.names]:
        raise UserError(f"{origin.text}: no file {', '.join(absent)}; the repository holds {named}")
    only = found if len(found) == 1 else None
    return options.take("--files", given or None, only, f"which of {named}") or []


@contextmanager
def sample(origin: Origin, source: Source | None) -> Iterator[Tables]:
    """Yield a function that gives the tables of a source: whole ones, of a repository their first rows."""
    if source is None:
        yield lambda: iter(())
    elif (path := origin.path) is not None:
        yield lambda: file_tables(path)
    elif origin.url is not None:
        with downloaded(origin, "dataset", []) as folder:
            yield lambda: file_tables(folder)
    else:
        first = _first_of_split(source) if source["kind"] == "dataset" else _first_of_files(origin, source["files"])
        yield lambda: iter(first)


def first_records(tables: Iterator[Table], malformed: MalformedRows | None = None) -> list[Record]:
    """Return the first records of the first table.

    Raises:
        UserError: not UTF-8, no rows, more broken rows before them than are tolerated; names file and row.
    """
    return list(islice(convert_records(islice(tables, 1), lambda _, record: record, malformed), SAMPLE_RECORDS))


def _first_of_split(source: Source) -> list[Table]:
    streamed = HubDataset.model_validate(source | {"streaming": True})
    with TemporaryDirectory() as cache:
        _, rows = open_split(streamed, Path(cache))
        return [(f"{streamed.repo}, split {streamed.split}", list(islice(rows, SAMPLE_RECORDS)))]


def _first_of_files(origin: Origin, names: list[str]) -> list[Table]:
    with TemporaryDirectory() as scratch:
        path = Path(scratch)
        tables: list[Table] = []
        for name in names:
            file = path / Path(name).name
            file.write_bytes(first_bytes(origin.text, name, origin.commit, "dataset", SAMPLE_BYTES))
            tables.append((file.name, _before_the_cut(file)))
        return tables


def _before_the_cut(path: Path) -> list[Any]:
    """Return the first rows of a file that is cut off somewhere behind them."""
    rows: list[Any] = []
    try:
        for value in islice(read_rows(path), SAMPLE_RECORDS):
            rows.append(value)
    except UserError:
        # the last one is cut off; that there is none before it is a mistake of the file
        if not rows:
            raise
    return rows[:-1] if len(rows) > 1 and isinstance(rows[-1], UnreadableRow) else rows
