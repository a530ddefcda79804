"""What `belle add` is given: a file or folder of this machine, a URL, or a Hugging Face hub repository."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from belle.config.base import PARAMS, read_yaml
from belle.config.source import Hub, UrlFile
from belle.data.importers.read_files import ending
from belle.errors import UserError
from belle.sources.cache import DATA_CACHE, download_cache
from belle.sources.hub import RepoType, download_repo, look_up
from belle.sources.web import download_file, download_unknown, public_address

REPOSITORY = re.compile(r"[\w.\-]+/[\w.\-]+")
HUB_PAGE = re.compile(r"https://huggingface\.co/(?:datasets/)?([\w.\-]+/[\w.\-]+)/?")
URL = re.compile(r"https?://\S+")


@dataclass(frozen=True)
class Origin:
    """A file or folder, a file on the web, or a hub repository at its newest commit.

    Attributes:
        text: as it was given, without the secrets of a URL; of a page of the hub the name of its repository.
        path: the file or folder; None for one that is not on this machine.
        names: paths of its files, relative to the folder or repository.
        commit: of a repository, 40 hexadecimal digits; empty otherwise.
        license: as the repository's card says, None when it says nothing.
        homepage: page of a repository, None otherwise.
        url: the file on the web with its checksum, None otherwise.
    """

    text: str
    path: Path | None
    names: list[str]
    commit: str = ""
    license: str | None = None
    homepage: str | None = None
    url: UrlFile | None = None

    @property
    def name(self) -> str:
        """A name for the profile: that of the file, folder or repository, in lower case."""
        own = self.path.resolve() if self.path else Path(self.url.name if self.url else self.text)
        is_file = self.url is not None or (self.path is not None and self.path.is_file())
        stem = own.name.removesuffix(ending(own.name)) if is_file else own.name
        return re.sub(r"[^\w.\-]+", "-", stem).lower()

    def source(self, path: Path | None, patterns: list[str]) -> dict[str, Any]:
        """Return `source` of a profile: the place below inputs/, the URL, or the repository with the files wanted."""
        if path is not None:
            return {"kind": "path", "path": path.as_posix()}
        if self.url is not None:
            return {"kind": "url", "files": [self.url.model_dump()]}
        return {"kind": "hub", "repo": self.text, "revision": self.commit, "files": patterns}


@contextmanager
def downloaded(origin: Origin, repo_type: RepoType, patterns: list[str]) -> Iterator[Path]:
    """Yield a folder with the file of a URL, or those of a hub repository that the patterns name; it is deleted then.

    Raises:
        UserError: as `download_file` and `download_repo`.
    """
    with TemporaryDirectory() as cache, TemporaryDirectory() as target:
        if origin.url is not None:
            with download_cache(DATA_CACHE, keep=True) as kept:
                download_file(origin.url, Path(target) / origin.url.name, kept)
            yield Path(target)
            return
        source = Hub.model_validate(origin.source(None, patterns))
        download_repo(source, repo_type, Path(target), Path(cache))
        yield Path(target)


def find_origin(text: str, repo_type: RepoType) -> Origin:
    """Return what a path, a URL, or the name or page of a hub repository stands for.

    The file of a URL is downloaded into the cache of the data sources, since its checksum is needed.

    Raises:
        UserError: it is none of them, the server refuses, or this is not the root of the repository.
    """
    read_yaml(PARAMS)
    if page := HUB_PAGE.fullmatch(text):
        text = page[1]
    elif URL.fullmatch(text) and repo_type == "dataset":
        with download_cache(DATA_CACHE, keep=True) as cache:
            file = download_unknown(text, cache)
        return Origin(public_address(text), None, [file.name], url=file)
    path = Path(text).expanduser()
    if path.exists() and not page:
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
