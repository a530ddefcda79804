"""Files of one's own below inputs/, each tracked by a `.dvc` file: `dvc repro` sees every change of them.

`dvc repro` and `dvc exp run` bring the hash in the `.dvc` file up to date before the first stage runs.
"""

from pathlib import Path

from belle.config.base import read_yaml
from belle.config.messages import nearest
from belle.config.source import INPUTS
from belle.errors import UserError


def tracked_by(path: Path) -> Path | None:
    """Return the `.dvc` file that tracks a path below inputs/, or a folder that holds it; None when none does."""
    for part in (path, *path.parents):
        if INPUTS in part.parents and (found := part.with_name(f"{part.name}.dvc")).is_file():
            return found
    return None


def problem_of(path: str) -> str | None:
    """Return what keeps dvc from seeing changes of a local source, and what to do; None when it sees them."""
    if INPUTS not in Path(path).parents or ".." in Path(path).parts:
        return f"{path} is not below {INPUTS}/, so dvc sees no change of it; let `belle add` copy it there"
    if tracked_by(Path(path)) is not None:
        return None
    if not Path(path).exists():
        names = [found.as_posix().removesuffix(".dvc") for found in INPUTS.glob("*.dvc")]
        return f"{path}: no such file or folder{nearest(path, names)}"
    return f"{path} is not tracked by dvc; run: dvc add {path}"


def tracked_hash(path: str) -> str:
    """Return the MD5 by which dvc knows a local source, or the folder that holds it.

    Raises:
        UserError: no `.dvc` file tracks it, or that one is broken.
    """
    file = tracked_by(Path(path))
    if file is None:
        raise UserError(problem_of(path))
    try:
        return str(read_yaml(file)["outs"][0]["md5"])
    except (LookupError, TypeError):
        raise UserError(f"{file}: holds no hash; run: dvc add {file.with_suffix('')}") from None
