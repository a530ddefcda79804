"""Gates: a link of the model chain that is switched off is a directory that only names the link before it."""

import json
from pathlib import Path

from belle.errors import UserError
from belle.files import fresh_directory, write_json

REFERENCE = "model_ref.json"


def write_reference(target: Path, link: Path) -> None:
    """Make `target` a directory that stands for the model in `link`: one file, `{"path": "models/base"}`.

    Args:
        target: the gate's own directory; replaced at once.
        link: the earlier link, relative to the repository root.
    """
    with fresh_directory(target) as folder:
        write_json(folder / REFERENCE, {"path": link.as_posix()})


def read_reference(directory: Path) -> Path | None:
    """Return the link that a gate's directory names, None when the directory holds a model of its own.

    Raises:
        UserError: the reference cannot be read.
    """
    path = directory / REFERENCE
    if not path.exists():
        return None
    try:
        return Path(json.loads(path.read_text(encoding="utf-8"))["path"])
    except (ValueError, KeyError, TypeError):
        raise UserError(f'{path}: not a reference of the form {{"path": "models/base"}}; run its stage again') from None
