"""Copy a checkpoint of an experiment so that it needs nothing else: an adapter takes its base along."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from dvc.exceptions import DvcException
from dvc_data.index import DataIndexError

from belle.checkpoints.resolve import ADAPTER_CONFIG, CONFIG, POINTER
from belle.errors import UserError
from belle.files import write_json
from belle.progress import progress
from belle.promote.experiment import Experiment

BASE = "base"
"""Folder of the base model in the directory of a promoted adapter."""


def parts_of(experiment: Experiment, checkpoint: Path) -> list[Path]:
    """Return the directories that make up a checkpoint: its adapters, the last one first, then the full weights.

    Raises:
        UserError: one of them is missing, holds no model, or is no longer what its stage would make.
    """
    seen: list[Path] = []
    parts: list[Path] = []
    current: Path | None = checkpoint
    while current is not None:
        if current in seen:
            raise UserError(f"{experiment.asked}: {current / POINTER}: the pointers lead in a circle")
        seen.append(current)
        experiment.refuse_stale(current)
        names = {path.name for path in files_of(experiment, current) if path.parent == current}
        if not names & {CONFIG, ADAPTER_CONFIG, POINTER}:
            raise UserError(f"{experiment.asked}: {current}: no model here")
        if ADAPTER_CONFIG in names or POINTER not in names:
            parts.append(current)
        current = _pointer(experiment, current) if POINTER in names else None
    return parts


def copy_checkpoint(experiment: Experiment, parts: list[Path], folder: Path, target: Path) -> None:
    """Copy the directories of a checkpoint into each other: `folder`, `folder/base`, `folder/base/base`.

    DVC links the files of its cache where `cache.type` says so, and fetches from the remote what the cache lacks.

    Args:
        experiment: what to read from.
        parts: as `parts_of` gives them.
        folder: existing directory that receives the checkpoint.
        target: the path that `folder` will have, for the pointers.

    Raises:
        UserError: a file is neither in the cache nor in the remote.
    """
    copies = [copy for depth, part in enumerate(parts) for copy in _copies(experiment, part, depth, len(parts))]
    with progress("copying", len(copies), "files") as bar:
        for source, name in copies:
            into = folder / name
            into.parent.mkdir(parents=True, exist_ok=True)
            with _found(experiment, source):
                experiment.files.get(source.as_posix(), str(into), recursive=True, cache=True)
            bar.advance(note=source.name)
    for depth in range(1, len(parts)):
        inner = Path(*[BASE] * depth)
        write_json(folder / inner.parent / POINTER, {"path": (target / inner).as_posix()})


def files_of(experiment: Experiment, directory: Path) -> list[Path]:
    """Return the paths of all files below a directory, sorted.

    Raises:
        UserError: DVC's list of them is neither in the cache nor in the remote.
    """
    with _found(experiment, directory):
        return sorted(Path(path) for path in experiment.files.find(directory.as_posix()))


def _copies(experiment: Experiment, part: Path, depth: int, count: int) -> Iterator[tuple[Path, Path]]:
    """Yield the files of one part, each with its path below the promoted directory."""
    is_adapter = depth < count - 1
    for source in files_of(experiment, part):
        name = source.relative_to(part)
        # of an adapter that was promoted before: the next part, and the pointer to it
        if not (is_adapter and (name.parts[0] == BASE or name == Path(POINTER))):
            yield source, Path(*[BASE] * depth, name)


def _pointer(experiment: Experiment, directory: Path) -> Path:
    with _found(experiment, directory / POINTER):
        text = experiment.files.read_text((directory / POINTER).as_posix())
    try:
        return Path(json.loads(text)["path"])
    except (ValueError, LookupError, TypeError):
        raise UserError(f"{experiment.asked}: {directory / POINTER}: not a pointer to a checkpoint") from None


@contextmanager
def _found(experiment: Experiment, path: Path) -> Iterator[None]:
    """Turn what DVC raises on a file that is nowhere into a UserError."""
    try:
        yield
    except (FileNotFoundError, DataIndexError, DvcException) as error:
        reason = f" ({' '.join(str(error).split())})" if isinstance(error, DvcException) else ""
        raise UserError(
            f"{experiment.asked}: {path} is neither in DVC's cache nor in the remote{reason}; push it from where it "
            "was made (dvc push; dvc exp push for an experiment)"
        ) from None
