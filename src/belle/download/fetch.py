"""Fetching the files of any source that is not builtin into a folder."""

from pathlib import Path

from belle.config.source import Hub, LocalPath, Urls
from belle.download.hub import RepoType, download_repo
from belle.download.local import copy_path
from belle.download.web import download_file


def fetch(
    source: LocalPath | Urls | Hub, target: Path, stage: Path, repo_type: RepoType, allow_unpinned: bool
) -> str | None:
    """Put the files of a source into the existing folder `target`; return the commit of a hub source.

    Args:
        source: what to fetch.
        target: an empty folder.
        stage: where downloads wait until the stage is done (`belle.download.staging`).
        repo_type: what a hub repository holds.
        allow_unpinned: take the newest commit of a hub source that names none.

    Raises:
        UserError: what is wrong with the source, in one line.
    """
    if source.kind == "path":
        return copy_path(source, target)
    if source.kind == "hub":
        return download_repo(source, repo_type, target, stage, allow_unpinned)
    for file in source.files:
        download_file(file, target / file.name, stage)
    return None
