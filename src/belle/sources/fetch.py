"""Fetch the files of any source that is not builtin, and record what was fetched: origin and SHA-256."""

import shutil
from pathlib import Path
from typing import Any

from belle.config.source import DataSource, Generated, Hub, LocalPath, Urls
from belle.errors import UserError
from belle.files import sha256_of
from belle.progress import progress
from belle.sources.hub import RepoType, download_repo
from belle.sources.web import download_file, public_address


def fetch(source: LocalPath | Generated | Urls | Hub, target: Path, cache: Path, repo_type: RepoType) -> str | None:
    """Fetch the files of a source into the existing folder `target`; return the commit of a hub source.

    Args:
        source: what to fetch.
        target: an empty folder.
        cache: keeps finished downloads until the stage is done (`belle.sources.cache`).
        repo_type: what a hub repository holds.

    Raises:
        UserError: what is wrong with the source, in one line.
    """
    if source.kind == "hub":
        return download_repo(source, repo_type, target, cache)
    if source.kind == "path" or source.kind == "generated":
        copy_path(Path(source.path), target)
    else:
        for file in source.files:
            download_file(file, target / file.name, cache)
    return None


def copy_path(origin: Path, target: Path) -> None:
    """Copy a file, or everything in a folder but its hidden entries (`.git`, `.cache`), into the folder `target`.

    Symbolic links are followed, so that a folder of the Hugging Face cache arrives as plain files.

    Raises:
        UserError: nothing lies at the path, nothing visible in the folder, something that is neither a file nor a
            folder (a link that leads nowhere, a named pipe), or a link to a folder that it lies in.
    """
    if not origin.exists():
        raise UserError(f"{origin}: no such file or folder; run `dvc pull`, or correct source.path in the profile")
    if not origin.is_dir():
        _copy_file(origin, target / origin.name)
        return
    shutil.copytree(origin, target, ignore=_hidden_and_no_loop, copy_function=_copy_file, dirs_exist_ok=True)
    if not any(target.iterdir()):
        raise UserError(f"{origin}: this folder is empty; correct source.path in the profile")


def _hidden_and_no_loop(folder: str, names: list[str]) -> set[str]:
    """Return which entries of a folder are hidden, once it is sure that no link leads from it into itself."""
    path = Path(folder).absolute()
    if path.resolve() in {parent.resolve() for parent in path.parents}:
        raise UserError(f"{folder}: this link leads to a folder that it lies in; remove it")
    return {name for name in names if name.startswith(".")}


def _copy_file(origin: str | Path, target: str | Path) -> None:
    if not Path(origin).is_file():
        raise UserError(f"{origin}: leads nowhere or is no plain file; remove it or correct source.path in the profile")
    shutil.copyfile(origin, target)


def provenance(source: DataSource, revision: str | None, folder: Path) -> dict[str, Any]:
    """Return the record kept of a download.

    Args:
        source: what was fetched.
        revision: the commit that was fetched, for a hub source; stands in for one the profile leaves open.
        folder: the files as they were fetched, none for a source that gives rows.

    Returns:
        `source` (its kind and keys, but not where a local one lies) and `files` (path in
        `folder` to SHA-256).
    """
    # where a local source lies on this machine does not belong to the result
    record = source.model_dump(exclude={"path"})
    for file in record["files"] if source.kind == "url" else ():
        file["url"] = public_address(file["url"])
    if revision:
        record["revision"] = revision
    return {"source": record, "files": _digests(folder)}


def _digests(folder: Path) -> dict[str, str]:
    """Return the SHA-256 of every file below a folder, by its path in there, sorted."""
    paths = sorted(path for path in folder.rglob("*") if path.is_file())
    if not paths:
        return {}
    found: dict[str, str] = {}
    with progress("checksums", total=sum(path.stat().st_size for path in paths), unit="bytes") as bar:
        for path in paths:
            found[path.relative_to(folder).as_posix()] = sha256_of(path)
            bar.advance(path.stat().st_size)
    return found
