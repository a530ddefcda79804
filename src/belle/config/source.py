"""Where a download comes from: builtin, a local path, URLs with checksums, files or data sets of the hub."""

from pathlib import Path
from typing import Annotated, ClassVar, Literal

from pydantic import Field, model_validator

from belle.config.base import Section

INPUTS = Path("inputs")
"""Where files of one's own lie, each tracked by dvc: the only folder outside the graph whose changes dvc sees."""

Sha256 = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]


class Builtin(Section):
    """Made by the project itself (see docs/mini.md)."""

    kind: Literal["builtin"]
    name: str
    """Name of the builtin model, data set or evaluation set."""


class LocalPath(Section):
    """A file or folder below inputs/, tracked by dvc; `belle add` copies it there."""

    kind: Literal["path"]
    path: str
    """The file or folder, as in `inputs/mine.jsonl`."""


class Generated(Section):
    """What the stage generate_data writes (see docs/self-instruct.md)."""

    kind: Literal["generated"]
    path: ClassVar[str] = "data/generated/conversations.jsonl"


FILE_NAME = r"^[\w\-][\w.\-]{0,199}$"


class UrlFile(Section):
    """One file to fetch by http(s)."""

    url: str = Field(pattern=r"^https?://\S+$")
    """Address of the file."""
    sha256: Sha256
    """Checksum of its content, 64 hexadecimal digits."""
    name: str = Field(pattern=FILE_NAME)
    """File name to store the file under; it does not begin with a dot."""


class Urls(Section):
    """Files fetched by http(s), each with the SHA-256 of its content."""

    kind: Literal["url"]
    files: list[UrlFile] = Field(min_length=1)
    """Files to fetch."""

    @model_validator(mode="after")
    def _names_of_their_own(self) -> "Urls":
        names = [file.name for file in self.files]
        if repeated := sorted({name for name in names if names.count(name) > 1}):
            raise ValueError(f"files: two have the name {', '.join(repeated)}")
        return self


class Hub(Section):
    """Files of a Hugging Face hub repository at one commit."""

    kind: Literal["hub"]
    repo: str = Field(pattern=r"^[\w.\-]+/[\w.\-]+$")
    """Repository, as in `BelleGroup/train_1M_CN`."""
    revision: Annotated[str, Field(pattern=r"^[0-9a-f]{40}$")] | None
    """Commit, 40 hexadecimal digits. null is refused unless `allow_unpinned` is true in params.yaml; an evaluation set
    is always pinned."""
    files: list[str] = Field(min_length=1)
    """Glob patterns of the files wanted, as in `*.safetensors`; `*` does not reach into folders."""


class HubDataset(Section):
    """One split of a data set of the Hugging Face hub, read with the `datasets` library."""

    kind: Literal["dataset"]
    repo: str = Field(pattern=r"^[\w.\-]+/[\w.\-]+$")
    """Repository, as in `tatsu-lab/alpaca`."""
    revision: Annotated[str, Field(pattern=r"^[0-9a-f]{40}$")] | None
    """Commit, 40 hexadecimal digits. null is refused unless `allow_unpinned` is true in params.yaml."""
    config: str | None = None
    """Name of its configuration (a subset, a language); null for the only or default one."""
    split: str
    """Name of the split, as in `train`."""
    streaming: bool = False
    """Read rows from the hub while they are imported, instead of downloading the whole split first: for a `data.limit`
    far below its size."""


Source = Builtin | LocalPath | Urls | Hub
"""Files, or what the project makes: of models, data and evaluation sets."""
DataSource = Source | HubDataset | Generated
"""Of data alone."""
