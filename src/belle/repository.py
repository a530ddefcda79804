"""The repository that a command works for."""

import os
import subprocess
from pathlib import Path


def repository_root() -> Path:
    """Return the repository that an experiment was started from; a queued one runs in a temporary copy of it."""
    return Path(os.environ.get("DVC_ROOT") or Path.cwd())


def committed(path: Path) -> str:
    """Return what Git's last commit has of a file of the repository, empty when it has none, or Git is not there."""
    command = ["git", "show", f"HEAD:./{path.as_posix()}"]
    try:
        done = subprocess.run(command, capture_output=True, check=False)
    except FileNotFoundError:
        return ""
    return done.stdout.decode() if done.returncode == 0 else ""
