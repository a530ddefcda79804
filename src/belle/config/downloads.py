"""What each download depends on, one JSON file for each: data/check, written by the stage `check`.

A download stage reads its file alone. So an unused profile, another license, homepage or metric downloads nothing
again, what is switched off is not downloaded, and a changed file of one's own is imported again.
"""

from pathlib import Path
from typing import Generic, TypeVar

from pydantic import ValidationError

from belle.config.base import Section
from belle.errors import UserError

FOLDER = Path("data/check")
D = TypeVar("D", bound=Section)


class Download(Section, Generic[D]):
    """One profile as its download needs it."""

    name: str
    """Name of the profile."""
    profile: D
    """Its keys that matter to the download."""
    tracked: str | None
    """For a local source the hash by which dvc tracks it: another one makes dvc run the download again."""


class Downloads(Section, Generic[D]):
    """The sources of one table, in order."""

    limit: int | None
    """Rows used of each source; null uses all."""
    max_malformed: int
    """Rows of each source that may not fit their format."""
    sources: list[Download[D]]


def read_download(name: str, kind: type[D]) -> D:
    """Read `data/check/NAME.json`.

    Raises:
        UserError: no such file, or one that another version wrote.
    """
    path = FOLDER / f"{name}.json"
    try:
        return kind.model_validate_json(path.read_bytes())
    except (FileNotFoundError, ValidationError):
        raise UserError(f"{path}: missing or of another version; run `dvc repro check`") from None
