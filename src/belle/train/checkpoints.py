"""Where a killed training goes on: checkpoints under the repository that the experiment was started from.

A directory per experiment, named by a digest of everything that decides its result, so that no other experiment can go
on from them. Queued experiments run in temporary copies of the repository and find them all the same: DVC names the
real one in `DVC_ROOT`.
"""

import os
import shutil
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from belle.errors import UserError
from belle.files import read_json_object, write_json
from belle.fingerprint import fingerprint
from belle.locks import lock
from belle.repository import repository_root

CHECKPOINTS = Path(".dvc/tmp/checkpoints")
PREFIX = "checkpoint-"
"""Name of a complete checkpoint, before the number of its optimizer step."""
UNFINISHED = "unfinished"
"""Where a checkpoint is while it is written."""
CONTENTS = "contents.json"
"""In a checkpoint, the bytes of each of its files, and the seconds it took to come so far."""
REPAIR = "delete this checkpoint's folder, and the training begins anew"
LIBRARIES = ("torch", "transformers", "peft", "accelerate", "deepspeed", "bitsandbytes", "numpy")


@contextmanager
def training_checkpoints(stage: str, settings: dict[str, Any], inputs: Iterable[Path]) -> Iterator[Path]:
    """Yield the directory of this experiment's checkpoints, which only this process uses; delete it on success.

    Args:
        stage: `pretrain` or `train`.
        settings: every parameter and profile that the result depends on, as JSON values.
        inputs: files and directories that are read.

    Raises:
        UserError: another process trains the same experiment, or its last checkpoint is spoiled.
    """
    folder = checkpoint_folder(stage, settings, inputs)
    folder.mkdir(parents=True, exist_ok=True)
    try:
        handle = lock(folder)
    except BlockingIOError:
        raise UserError(f"{folder}: another process trains this very experiment; wait until it ends") from None
    try:
        if last := last_checkpoint(folder):
            refuse_spoiled(last)
            step = last.name.removeprefix(PREFIX)
            print(f"{stage}: goes on from the checkpoint of step {step} of a run that was ended", file=sys.stderr)
        _say_what_others_keep(folder)
        yield folder
        shutil.rmtree(folder)
    finally:
        if folder.exists() and not any(folder.iterdir()):
            folder.rmdir()
        os.close(handle)


def checkpoint_folder(stage: str, settings: dict[str, Any], inputs: Iterable[Path]) -> Path:
    """Return where the checkpoints of an experiment are (see `training_checkpoints`)."""
    return repository_root() / CHECKPOINTS / f"{stage}-{fingerprint(settings, inputs, LIBRARIES)}"


def complete_checkpoints(folder: Path) -> list[Path]:
    """Return the checkpoints of a directory, those of later steps last."""
    return sorted(folder.glob(f"{PREFIX}*"), key=lambda path: int(path.name.removeprefix(PREFIX)))


def last_checkpoint(folder: Path) -> Path | None:
    """Return the checkpoint that training goes on from, None when there is none."""
    return next(reversed(complete_checkpoints(folder)), None)


def seconds_trained(folder: Path) -> float:
    """Return the seconds of training that the last checkpoint of a directory holds; 0 without one."""
    last = last_checkpoint(folder)
    return read_json_object(last / CONTENTS, REPAIR)["seconds"] if last else 0.0


def write_contents(checkpoint: Path, seconds: float) -> None:
    """Write what `refuse_spoiled` and `seconds_trained` read, into a checkpoint that has everything else."""
    files = sorted(path for path in checkpoint.rglob("*") if path.is_file())
    sizes = {path.relative_to(checkpoint).as_posix(): path.stat().st_size for path in files}
    write_json(checkpoint / CONTENTS, {"seconds": seconds, "files": sizes})


def refuse_spoiled(checkpoint: Path) -> None:
    """Check that all files of a checkpoint are there; the Trainer would do without some of them, and not say so.

    Raises:
        UserError: one is missing or cut off.
    """
    for name, size in read_json_object(checkpoint / CONTENTS, REPAIR)["files"].items():
        path = checkpoint / name
        if not path.is_file() or path.stat().st_size != size:
            raise UserError(f"{path}: missing or cut off; {REPAIR}")


def _say_what_others_keep(folder: Path) -> None:
    ended = (other for other in folder.parent.iterdir() if other != folder and not _is_in_use(other))
    if others := [other for other in ended if complete_checkpoints(other)]:
        size = sum(file.stat().st_size for other in others for file in other.rglob("*") if file.is_file())
        print(
            f"note: {folder.parent} has {size / 1e9:.1f} GB of checkpoints of other trainings that were ended "
            f"({len(others)}); those you will not run again can be deleted",
            file=sys.stderr,
        )


def _is_in_use(folder: Path) -> bool:
    """Return whether a training that is running has its checkpoints there, or one has just ended."""
    try:
        os.close(lock(folder))
    except (BlockingIOError, FileNotFoundError):
        return True
    return False
