"""Outputs of other revisions, from DVC's cache."""

import json
from pathlib import Path

from belle.compare.revision import list_experiments
from belle.errors import UserError


def link_output(md5: str | None, path: str, revision: str, folder: Path) -> None:
    """Link the files of an output directory of a commit into an empty folder.

    Args:
        md5: the hash of the output in dvc.lock, None when its stage has not run.
        path: of the output.
        revision: hash of the commit.
        folder: receives a link to each file in the cache.

    Raises:
        UserError: a file is not in the cache, with the command that brings it.
    """
    if md5 is None:
        raise UserError(f"{revision[:10]}: {path} is not in its dvc.lock; run the experiment as far as `summarize`")
    cache = _cache()
    listing = _object(cache, md5)
    if not listing.is_file():
        raise UserError(_missing(path, revision))
    for entry in json.loads(listing.read_bytes()):
        target, link = _object(cache, entry["md5"]), folder / entry["relpath"]
        if not target.is_file():
            raise UserError(_missing(path, revision))
        link.parent.mkdir(parents=True, exist_ok=True)
        link.symlink_to(target)


def cached_file(md5: str) -> Path | None:
    """Return the path of a file in the cache, None when it is not there."""
    path = _object(_cache(), md5)
    return path if path.is_file() else None


def _cache() -> Path:
    """Return where DVC keeps outputs: `.dvc/cache`, or what its configuration says."""
    from dvc.repo import Repo

    return Path(Repo().cache.local.path).resolve()


def _object(cache: Path, md5: str) -> Path:
    return cache / md5[:2] / md5[2:]


def _missing(path: str, revision: str) -> str:
    names = sorted(one.name for one in list_experiments() if one.commit == revision)
    command = f"dvc exp pull origin {names[0]}" if names else f"dvc fetch --all-commits {path}"
    return f"{path} of {names[0] if names else revision[:10]} is not in DVC's cache; bring it with `{command}`"
