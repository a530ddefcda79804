"""The repository that a command works for."""

import os
from pathlib import Path


def repository_root() -> Path:
    """Return the repository that an experiment was started from; a queued one runs in a temporary copy of it."""
    return Path(os.environ.get("DVC_ROOT") or Path.cwd())
