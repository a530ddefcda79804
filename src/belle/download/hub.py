"""Downloading files of a Hugging Face hub repository at one commit."""

import os
import sys
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Literal

from huggingface_hub import HfApi, hf_hub_download
from huggingface_hub.errors import (
    EntryNotFoundError,
    GatedRepoError,
    HTTPError,
    RepositoryNotFoundError,
    RevisionNotFoundError,
)
from huggingface_hub.hf_api import RepoSibling

from belle.config.source import Hub
from belle.download.staging import place
from belle.errors import UserError
from belle.files import sha256_of

RepoType = Literal["model", "dataset"]


def download_repo(source: Hub, repo_type: RepoType, target: Path, stage: Path, allow_unpinned: bool) -> str:
    """Fetch the files that the source's patterns name into `target`; return the commit they are of.

    Finished files wait in `stage`, so that the next run asks for the others only. A token is read from
    `HF_TOKEN` alone; `HF_ENDPOINT` names another hub.

    Raises:
        UserError: the source names no revision and has to, the hub cannot be reached, the repository, the
            revision or a file is missing, access is refused, or a file is damaged.
    """
    if source.revision is None and not allow_unpinned:
        raise UserError(_unpinned(source, repo_type))
    token = os.environ.get("HF_TOKEN") or False
    try:
        info = HfApi(token=token).repo_info(
            source.repo, revision=source.revision, repo_type=repo_type, files_metadata=True
        )
        if source.revision is None:
            print(f"{source.repo}: not pinned; taking its newest commit {info.sha}", file=sys.stderr)
        repository = {"repo_id": source.repo, "repo_type": repo_type, "revision": info.sha, "token": token}
        _fetch(_wanted(source, info.siblings), repository, stage / info.sha, target)
    except (HTTPError, EntryNotFoundError, OSError) as error:
        if getattr(error, "errno", None):
            raise  # this machine's, a full disk for one; the library's own errors carry no number
        raise UserError(f"{source.repo}: {_reason(error, source)}") from None
    return info.sha


def _wanted(source: Hub, siblings: list[RepoSibling]) -> list[RepoSibling]:
    """Files that some pattern names; every pattern must name one."""
    names = [file.rfilename for file in siblings]
    idle = [pattern for pattern in source.files if not any(_matches(name, pattern) for name in names)]
    if idle:
        raise UserError(
            f"{source.repo}: no file is named {', '.join(idle)}; correct source.files in the profile; "
            f"the repository holds {', '.join(sorted(names)[:20]) or 'nothing'}"
        )
    return [file for file in siblings if any(_matches(file.rfilename, pattern) for pattern in source.files)]


def _matches(name: str, pattern: str) -> bool:
    """Match a path with a glob pattern whose `*` does not reach into folders."""
    return name.count("/") == pattern.count("/") and fnmatchcase(name, pattern)


def _fetch(files: list[RepoSibling], repository: dict[str, str | bool], stage: Path, target: Path) -> None:
    """Fetch file by file; the library shows a bar on a terminal. Its notes, `.cache`, stay in `stage`."""
    for count, file in enumerate(files, start=1):
        path = Path(hf_hub_download(filename=file.rfilename, local_dir=stage, **repository))
        if file.lfs and (found := sha256_of(path)) != file.lfs.sha256:
            path.unlink()
            raise UserError(
                f"{file.rfilename}: wrong checksum: {repository['repo_id']} sent sha256 {found}, "
                f"its index says {file.lfs.sha256}; the file was removed: run again"
            )
        place(path, target / file.rfilename)
        print(
            f"{repository['repo_id']}: {file.rfilename}, {count} of {len(files)} files",
            file=sys.stderr,
            flush=True,
        )


def _unpinned(source: Hub, repo_type: RepoType) -> str:
    prefix, section = ("", "model") if repo_type == "model" else ("datasets/", "data")
    return (
        f"{source.repo}: not pinned: write the commit you want, 40 hexadecimal digits from "
        f"https://huggingface.co/{prefix}{source.repo}/commits/main, as source.revision into its profile, "
        f"or set {section}.allow_unpinned to true in params.yaml to take the newest one, whatever it is"
    )


def _reason(error: Exception, source: Hub) -> str:
    if isinstance(error, GatedRepoError):
        return "access must be granted first: ask for it on the repository's page, then set HF_TOKEN"
    if isinstance(error, RepositoryNotFoundError):
        return "no such repository on the hub, or a private one; correct source.repo or set HF_TOKEN"
    if isinstance(error, RevisionNotFoundError):
        return f"no such revision: {source.revision}; correct source.revision in the profile"
    text = " ".join(str(error).split()) or type(error).__name__
    return f"the hub cannot be reached or refuses ({text}); run again to go on where it stopped"
