"""Copying a file or folder of this machine."""

import shutil
from pathlib import Path

from belle.config.source import LocalPath
from belle.errors import UserError


def copy_path(source: LocalPath, target: Path) -> None:
    """Copy a file, or everything in a folder but its hidden entries (`.git`, `.cache`), into `target`.

    Symbolic links are followed, so that a folder of the Hugging Face cache arrives as plain files.

    Raises:
        UserError: nothing lies at the path, or nothing visible in the folder.
    """
    origin = Path(source.path).expanduser()
    if not origin.exists():
        raise UserError(f"{source.path}: no such file or folder; correct source.path in the profile")
    if origin.is_file():
        shutil.copyfile(origin, target / origin.name)
        return
    shutil.copytree(
        origin, target, ignore=shutil.ignore_patterns(".*"), copy_function=shutil.copyfile, dirs_exist_ok=True
    )
    if not any(target.iterdir()):
        raise UserError(f"{source.path}: this folder is empty; correct source.path in the profile")
