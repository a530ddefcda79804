"""Where a killed training goes on: checkpoints under the repository that the experiment was started from.

A directory per experiment, named by a digest of everything that decides its result, so that no other experiment can go
on from them. Queued experiments run in temporary copies of the repository and find them all the same: DVC names the
real one in `DVC_ROOT`.
"""

import hashlib
import json
import os
import shutil
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from importlib.metadata import version
from pathlib import Path
from typing import Any

from belle.errors import UserError
from belle.files import sha256_of
from belle.locks import lock

CHECKPOINTS = Path(".dvc/tmp/checkpoints")
PREFIX = "checkpoint-"
"""Name of a complete checkpoint, before the number of its optimizer step."""
UNFINISHED = "unfinished"
"""Where a checkpoint is while it is written."""
SECONDS = "seconds.json"
"""In a checkpoint, how long it took to come so far."""
LIBRARIES = ("torch", "transformers", "peft", "accelerate", "deepspeed", "numpy")
SOURCE = Path(__file__).resolve().parent.parent


@contextmanager
def training_checkpoints(stage: str, settings: dict[str, Any], inputs: Iterable[Path]) -> Iterator[Path]:
    """Yield the directory of this experiment's checkpoints, which only this process uses; delete it on success.

    Args:
        stage: `pretrain` or `train`.
        settings: every parameter and profile that the result depends on, as JSON values.
        inputs: files and directories that are read.

    Raises:
        UserError: another process trains the same experiment.
    """
    folder = checkpoint_folder(stage, settings, inputs)
    folder.mkdir(parents=True, exist_ok=True)
    try:
        handle = lock(folder)
    except BlockingIOError:
        raise UserError(f"{folder}: another process trains this very experiment; wait until it ends") from None
    try:
        _say_what_is_found(stage, folder)
        yield folder
        shutil.rmtree(folder)
    finally:
        if folder.exists() and not any(folder.iterdir()):
            folder.rmdir()
        os.close(handle)


def checkpoint_folder(stage: str, settings: dict[str, Any], inputs: Iterable[Path]) -> Path:
    """Return where the checkpoints of an experiment are (see `training_checkpoints`)."""
    return root() / CHECKPOINTS / f"{stage}-{fingerprint(settings, inputs)}"


def complete_checkpoints(folder: Path) -> list[Path]:
    """Return the checkpoints of a directory, those of later steps last."""
    return sorted(folder.glob(f"{PREFIX}*"), key=lambda path: int(path.name.removeprefix(PREFIX)))


def seconds_trained(checkpoints: list[Path]) -> float:
    """Return the seconds of training that the last of some checkpoints holds; 0 without one."""
    return json.loads((checkpoints[-1] / SECONDS).read_text(encoding="utf-8")) if checkpoints else 0.0


def root() -> Path:
    """Return the repository that an experiment was started from; a queued one runs in a temporary copy of it."""
    return Path(os.environ.get("DVC_ROOT") or Path.cwd())


def fingerprint(settings: dict[str, Any], inputs: Iterable[Path]) -> str:
    """Return a digest of settings, input files, the code loaded so far and the versions of the libraries."""
    ours = [module for name, module in sys.modules.items() if name.startswith("belle.")]
    code = sorted(Path(module.__file__) for module in ours if module.__file__)
    parts = {
        "settings": settings,
        "inputs": {path.as_posix(): sha256_of(path) for path in inputs},
        "code": {path.relative_to(SOURCE).as_posix(): sha256_of(path) for path in code},
        "libraries": {name: version(name) for name in LIBRARIES},
    }
    return hashlib.sha256(json.dumps(parts, sort_keys=True).encode()).hexdigest()[:32]


def _say_what_is_found(stage: str, folder: Path) -> None:
    if found := complete_checkpoints(folder):
        step = found[-1].name.removeprefix(PREFIX)
        print(f"{stage}: goes on from the checkpoint of step {step} of a run that was ended", file=sys.stderr)
    if others := [other for other in folder.parent.iterdir() if other != folder and complete_checkpoints(other)]:
        size = sum(file.stat().st_size for other in others for file in other.rglob("*") if file.is_file())
        print(
            f"note: {len(others)} other trainings that were ended keep {size / 1e9:.1f} GB in {folder.parent}; "
            "those you will not run again can be deleted",
            file=sys.stderr,
        )
