"""What a download was: license, homepage, where it came from and the SHA-256 of every file."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

from belle.files import sha256_of
from belle.progress import progress

if TYPE_CHECKING:
    # the types alone: a change of one kind of profile concerns the downloads of that kind
    from belle.config.data import DataProfile
    from belle.config.evaluation_set import EvalProfile
    from belle.config.model import ModelProfile


def provenance(
    profile: "ModelProfile | DataProfile | EvalProfile", revision: str | None, folder: Path
) -> dict[str, Any]:
    """Return the record kept beside a download.

    Args:
        profile: names the license, the homepage and the source.
        revision: the commit that was fetched, for a hub source; stands in for one the profile leaves open.
        folder: the files as they were fetched, none for a source that gives rows.

    Returns:
        `license`, `homepage`, `source` (its kind and keys, but not where a local one lies) and `files` (path in
        `folder` to SHA-256).
    """
    # where a local source lies on this machine does not belong to the result
    source = profile.source.model_dump(exclude={"path"})
    if revision:
        source["revision"] = revision
    record = {"license": profile.license, "homepage": profile.homepage, "source": source}
    return record | {"files": _digests(folder)}


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
