"""What `belle add` is given: a file or folder of this machine, or a Hugging Face hub repository."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from belle.config.base import PARAMS, read_yaml
from belle.config.source import Hub
from belle.errors import UserError
from belle.sources.hub import RepoType, download_repo, look_up

REPOSITORY = re.compile(r"[\w.\-]+/[\w.\-]+")


@dataclass(frozen=True)
class Origin:
    """A file or folder, or a hub repository at its newest commit.

    Attributes:
        text: as it was given.
        path: the file or folder; None for a repository.
        names: paths of its files, relative to the folder or repository.
        commit: of a repository, 40 hexadecimal digits; empty otherwise.
        license: as the repository's card says, None when it says nothing.
        homepage: page of a repository, None otherwise.
    """

    text: str
    path: Path | None
    names: list[str]
    commit: str = ""
    license: str | None = None
    homepage: str | None = None

    @property
    def name(self) -> str:
        """A name for the profile: that of the file, folder or repository, in lower case."""
        own = self.path.resolve() if self.path else Path(self.text)
        stem = own.stem if self.path and self.path.is_file() else own.name
        return re.sub(r"[^\w.\-]+", "-", stem).lower()

    def source(self, path: Path | None, patterns: list[str]) -> dict[str, Any]:
        """Return `source` of a profile: the place below inputs/, or the repository with the files wanted."""
        if path is not None:
            return {"kind": "path", "path": path.as_posix()}
        return {"kind": "hub", "repo": self.text, "revision": self.commit, "files": patterns}


@contextmanager
def downloaded(origin: Origin, repo_type: RepoType, patterns: list[str]) -> Iterator[Path]:
    """Yield a folder with the files of a hub repository that the patterns name; it is deleted afterwards.

    Raises:
        UserError: as `download_repo`.
    """
    with TemporaryDirectory() as cache, TemporaryDirectory() as target:
        source = Hub.model_validate(origin.source(None, patterns))
        download_repo(source, repo_type, Path(target), Path(cache))
        yield Path(target)


def find_origin(text: str, repo_type: RepoType) -> Origin:
    """Return what a path or the name of a hub repository stands for.

    Raises:
        UserError: it is neither, the hub refuses, or this is not the root of the repository.
    """
    read_yaml(PARAMS)
    path = Path(text).expanduser()
    if path.exists():
        below = path.rglob("*") if path.is_dir() else [path]
        base = path if path.is_dir() else path.parent
        return Origin(text, path, sorted(one.relative_to(base).as_posix() for one in below if one.is_file()))
    if not REPOSITORY.fullmatch(text):
        raise UserError(f"{text}: no such file or folder, and not of the form OWNER/NAME of a hub repository")
    info = look_up(text, None, repo_type)
    kind = "datasets/" if repo_type == "dataset" else ""
    tags = [tag.removeprefix("license:") for tag in info.tags or () if tag.startswith("license:")]
    return Origin(
        text, None, sorted(file.rfilename for file in info.siblings or ()), str(info.sha),
        tags[0] if tags else None, f"https://huggingface.co/{kind}{text}",
    )  # fmt: skip
