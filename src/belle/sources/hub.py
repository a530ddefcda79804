"""Download files of a Hugging Face hub repository at one commit.

`snapshot_download` fetches, resumes and locks. Own: every pattern must name a file and `*` does not reach into folders
(the library ignores a pattern that matches nothing), and every file is compared with its checksum in the index.
"""

import hashlib
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Literal

import httpx
from huggingface_hub import HfApi, hf_hub_url, snapshot_download
from huggingface_hub.errors import (
    EntryNotFoundError,
    GatedRepoError,
    HTTPError,
    RepositoryNotFoundError,
    RevisionNotFoundError,
)
from huggingface_hub.hf_api import DatasetInfo, ModelInfo, RepoSibling

from belle.config.source import Hub
from belle.errors import UserError
from belle.files import sha256_of
from belle.progress import Bar
from belle.sources.cache import link_or_copy

RepoType = Literal["model", "dataset"]
TIMEOUT_SECONDS = 60.0


def download_repo(source: Hub, repo_type: RepoType, target: Path, cache: Path) -> str:
    """Fetch the files that the source's patterns name into `target`; return the commit they are of.

    A token is read from `HF_TOKEN` alone; `HF_ENDPOINT` names another hub. A source without a revision gives the
    newest commit.

    Args:
        source: the repository, its commit and the patterns.
        repo_type: what the repository holds.
        target: existing folder.
        cache: keeps finished files, so that the next run asks for the others only.

    Raises:
        UserError: the hub cannot be reached, the repository, the revision or a file is missing, access is refused,
            or a file is damaged.
    """
    info = look_up(source.repo, source.revision, repo_type)
    if source.revision is None:
        print(f"{source.repo}: not pinned; taking its newest commit {info.sha}", file=sys.stderr)
    files, folder = _wanted(source, info.siblings), cache / info.sha
    with _worded(source.repo, source.revision):
        snapshot_download(
            source.repo, repo_type=repo_type, revision=info.sha, token=token(), local_dir=folder, tqdm_class=Bar,
            allow_patterns=[_literal(file.rfilename) for file in files],
        )  # fmt: skip
    for file in files:
        _check(source.repo, folder / file.rfilename, file)
        link_or_copy(folder / file.rfilename, target / file.rfilename)
    return info.sha


def look_up(repo: str, revision: str | None, repo_type: RepoType) -> ModelInfo | DatasetInfo:
    """Return what the hub says of a repository at a commit, None for the newest: its files, its license, the commit.

    Raises:
        UserError: the hub cannot be reached, there is no such repository or revision, or access is refused.
    """
    with _worded(repo, revision):
        return HfApi(token=token()).repo_info(
            repo, revision=revision, repo_type=repo_type, files_metadata=True, timeout=TIMEOUT_SECONDS
        )


def first_bytes(repo: str, name: str, commit: str, repo_type: RepoType, most: int) -> bytes:
    """Return the beginning of a file of a repository, at most about `most` bytes.

    Raises:
        UserError: the hub cannot be reached, or refuses.
    """
    headers = {"Authorization": f"Bearer {found}"} if (found := token()) else {}
    address, content = hf_hub_url(repo, name, repo_type=repo_type, revision=commit), b""
    try:
        with httpx.stream("GET", address, headers=headers, follow_redirects=True, timeout=TIMEOUT_SECONDS) as reply:
            reply.raise_for_status()
            for chunk in reply.iter_bytes():
                content += chunk
                if len(content) >= most:
                    break
    except httpx.HTTPError as error:
        raise UserError(f"{repo}: {_reason(error, commit)}") from None
    return content


def token() -> str | Literal[False]:
    """Return the token of the environment; False for none, also when the library has stored one."""
    return os.environ.get("HF_TOKEN") or False


@contextmanager
def _worded(repo: str, revision: str | None) -> Iterator[None]:
    """Turn the library's errors into a UserError of one line."""
    try:
        yield
    except (HTTPError, EntryNotFoundError, OSError) as error:
        if getattr(error, "errno", None):
            raise  # this machine's, a full disk for one; the library's own errors carry no number
        raise UserError(f"{repo}: {_reason(error, revision)}") from None


def _wanted(source: Hub, siblings: list[RepoSibling]) -> list[RepoSibling]:
    """Return the files that some pattern names; every pattern must name one."""
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
    return name.count("/") == pattern.count("/") and fnmatchcase(name, pattern) and ".." not in name.split("/")


def _literal(name: str) -> str:
    """Return a pattern that matches this file name alone."""
    return name.replace("[", "[[]").replace("*", "[*]").replace("?", "[?]")


def _check(repo: str, path: Path, file: RepoSibling) -> None:
    if not path.is_file():
        raise UserError(f"{repo}: {file.rfilename} did not arrive; run again to go on where it stopped")
    # large files are indexed by SHA-256, the others by their Git blob id
    found, promised = (sha256_of(path), file.lfs.sha256) if file.lfs else (_blob_id(path), file.blob_id)
    if found != promised:
        path.unlink()
        raise UserError(
            f"{file.rfilename}: wrong checksum: {repo} sent {found}, its index says {promised}; "
            "the file was removed: run again"
        )


def _blob_id(path: Path) -> str:
    """Return the SHA-1 by which Git names a file's content."""
    content = path.read_bytes()
    return hashlib.sha1(b"blob %d\0" % len(content) + content).hexdigest()


def _reason(error: Exception, revision: str | None) -> str:
    if isinstance(error, GatedRepoError):
        return "access must be granted first: ask for it on the repository's page, then set HF_TOKEN"
    if isinstance(error, RepositoryNotFoundError):
        return "no such repository on the hub, or a private one; correct source.repo or set HF_TOKEN"
    if isinstance(error, RevisionNotFoundError):
        return f"no such revision: {revision}; correct source.revision in the profile"
    text = " ".join(str(error).split()) or type(error).__name__
    return f"the hub cannot be reached or refuses ({text}); run again to go on where it stopped"
