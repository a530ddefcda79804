"""Write a profile under configs/, and give a local source to dvc."""

import re
import shutil
from pathlib import Path
from typing import Any

from dvc.exceptions import DvcException
from dvc.repo import Repo
from ruamel.yaml import YAML

from belle.config.base import CONFIGS, Section, parse
from belle.config.inputs import tracked_by
from belle.config.mixture import FOLDER as MIXTURES
from belle.config.source import INPUTS
from belle.data.importers.read_files import ending
from belle.errors import UserError
from belle.files import fresh_directory, fresh_file
from belle.sources.fetch import copy_path


def profile_path(folder: str, name: str, force: bool) -> Path:
    """Return `configs/FOLDER/NAME.yaml`.

    Raises:
        UserError: it is there already, and `force` is not set; the name is no plain one, or that of a mixture.
    """
    if not re.fullmatch(r"[\w.\-]+", name):
        raise UserError(f"--name: {name!r} is no name of a profile: letters, digits, dots and hyphens")
    path = CONFIGS / folder / f"{name}.yaml"
    if folder == "data" and (mixture := CONFIGS / MIXTURES / path.name).exists():
        raise UserError(
            f"{mixture}: a mixture has this name, which data.sources could not tell apart; give --name NAME"
        )
    if path.exists() and not force:
        raise UserError(f"{path}: there already; --force replaces it, --name NAME writes another profile")
    return path


def input_path(origin: Path, name: str, force: bool) -> Path:
    """Return where a local source lies below inputs/, or will lie once it is copied there.

    Raises:
        UserError: something else lies there, and `force` is not set.
    """
    # the folder is resolved, not the file: dvc may have linked it to its cache
    at, root = origin.parent.resolve() / origin.name, Path.cwd().resolve()
    if root / INPUTS in at.parents:
        return at.relative_to(root)
    path = INPUTS / (f"{name}{ending(origin.name)}" if origin.is_file() else name)
    if path.exists() and not force:
        raise UserError(f"{path}: there already; --force replaces it, --name NAME copies to another place")
    return path


def bring_in(origin: Path, path: Path) -> None:
    """Copy a file or folder to its path below inputs/, unless it lies there, and let dvc track it.

    Raises:
        UserError: dvc refuses, for one because Git tracks the file.
    """
    if not (path.exists() and path.samefile(origin)):
        if origin.is_dir():
            with fresh_directory(path) as folder:
                copy_path(origin, folder)
        else:
            with fresh_file(path) as partial:
                shutil.copyfile(origin, partial)
    tracked = tracked_by(path)
    try:
        with Repo() as repo:
            repo.scm_context.quiet = True  # what to give to git is said once, for the profile too
            repo.add([str(tracked.with_suffix("") if tracked else path)])
    except DvcException as error:
        raise UserError(f"{path}: dvc cannot track it: {' '.join(str(error).split())}") from None


def save(path: Path, kind: type[Section], values: dict[str, Any], origin: Path | None) -> None:
    """Bring a local origin in and write its profile, with the line by which editors find the schema.

    Args:
        path: of the profile.
        kind: its schema; values that it refuses leave nothing behind.
        values: its keys, in order.
        origin: a file or folder of this machine, None for a hub repository.
    """
    parse(kind, values, path)
    if origin is not None:
        bring_in(origin, Path(values["source"]["path"]))
    yaml = YAML()
    yaml.indent(mapping=2, sequence=4, offset=2)
    with fresh_file(path) as partial, partial.open("w", encoding="utf-8") as stream:
        stream.write(f"# yaml-language-server: $schema=../schema/{path.parent.name}.json\n")
        yaml.dump(values, stream)
