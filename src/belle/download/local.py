"""Copying a file or folder of this machine."""

import shutil
from pathlib import Path

from belle.config.source import LocalPath
from belle.errors import UserError


def copy_path(source: LocalPath, target: Path) -> None:
    """Copy a file, or everything in a folder but its hidden entries (`.git`, `.cache`), into `target`.

    Symbolic links are followed, so that a folder of the Hugging Face cache arrives as plain files.

    Raises:
        UserError: nothing lies at the path, nothing visible in the folder, or something that is neither a file nor
            a folder (a link that leads nowhere, a named pipe).
    """
    origin = Path(source.path).expanduser()
    if not origin.exists():
        raise UserError(f"{source.path}: no such file or folder; correct source.path in the profile")
    if not origin.is_dir():
        _copy_file(origin, target / origin.name)
        return
    shutil.copytree(origin, target, ignore=shutil.ignore_patterns(".*"), copy_function=_copy_file, dirs_exist_ok=True)
    if not any(target.iterdir()):
        raise UserError(f"{source.path}: this folder is empty; correct source.path in the profile")


def _copy_file(origin: str | Path, target: str | Path) -> None:
    if not Path(origin).is_file():
        raise UserError(f"{origin}: leads nowhere or is no plain file; remove it or correct source.path in the profile")
    shutil.copyfile(origin, target)
