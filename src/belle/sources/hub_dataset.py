"""Rows of one split of a hub data set, by the `datasets` library: any file format and layout that it knows.

Beside it stands `belle.sources.hub`, which fetches files as they are. JSON files are better fetched: `datasets` guesses
the type of every column from the first rows and gives up at a row that does not fit it, where an importer names the row
and can leave it out; and files have checksums. What needs `datasets` are configurations, splits in many files, and
streaming.
"""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import httpx
import pyarrow as pa
from huggingface_hub.errors import HTTPError

from belle.config.source import HubDataset
from belle.errors import UserError
from belle.sources.hub import look_up, token

if TYPE_CHECKING:
    from datasets import Dataset, IterableDataset

LONGEST_REASON = 300
"""Characters; the library appends whole schemas to some of its errors."""


def open_split(source: HubDataset, cache: Path) -> tuple[str, Iterator[Any]]:
    """Return the commit of a split and its rows, in order.

    Args:
        source: the repository, its commit, configuration and split; without a commit the newest one is taken.
        cache: keeps what was downloaded; a split that is streamed is not.

    Raises:
        UserError: the hub cannot be reached or refuses, there is no such repository, revision, configuration or
            split, or its files cannot be read.
    """
    commit = pinned_commit(source)
    with _worded(source):
        rows = load_split(source, commit, cache)
    return commit, _rows(source, rows)


def pinned_commit(source: HubDataset) -> str:
    """Return the commit of a source, that of today where its profile names none."""
    info = look_up(source.repo, source.revision, "dataset")
    if source.revision is None:
        print(f"{source.repo}: not pinned; taking its newest commit {info.sha}", file=sys.stderr)
    return str(info.sha)


def load_split(source: HubDataset, commit: str, cache: Path) -> "Dataset | IterableDataset":
    """Return a split as `datasets` loads it."""
    # importing it takes seconds, and most data sources do not need it
    import datasets

    datasets.disable_progress_bars() if not sys.stderr.isatty() else datasets.enable_progress_bars()
    return datasets.load_dataset(
        source.repo, source.config, split=source.split, revision=commit, streaming=source.streaming,
        cache_dir=str(cache / "datasets"), token=token(),
    )  # fmt: skip


def configs_of(repo: str, commit: str) -> list[str]:
    """Return the names of the configurations of a data set."""
    import datasets

    with _worded(HubDataset(kind="dataset", repo=repo, revision=commit, split="")):
        return datasets.get_dataset_config_names(repo, revision=commit, token=token())


def splits_of(repo: str, commit: str, config: str | None) -> list[str]:
    """Return the names of the splits of a configuration."""
    import datasets

    with _worded(HubDataset(kind="dataset", repo=repo, revision=commit, config=config, split="")):
        return datasets.get_dataset_split_names(repo, config, revision=commit, token=token())


def _rows(source: HubDataset, rows: "Dataset | IterableDataset") -> Iterator[Any]:
    with _worded(source):
        yield from rows


@contextmanager
def _worded(source: HubDataset) -> Iterator[None]:
    """Turn the library's errors into a UserError of one line."""
    from datasets.exceptions import DatasetsError

    try:
        yield
    # RuntimeError: the repository holds a loading script, which the library does not run
    except (DatasetsError, HTTPError, httpx.HTTPError, pa.ArrowException, RuntimeError, ValueError, OSError) as error:
        # the library says in its own error that it failed, and why in the one that led to it
        cause = error.__cause__ or error
        if getattr(cause, "errno", None):
            raise cause from None  # this machine's, a full disk for one; others carry no number
        reason = " ".join(str(cause).split())[:LONGEST_REASON] or type(cause).__name__
        parts = {"config": source.config, "split": source.split}
        place = "".join(f", {part} {name}" for part, name in parts.items() if name)
        raise UserError(f"{source.repo}{place}: {reason}; correct the source in the profile, or run again") from None
