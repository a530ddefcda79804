"""What Git's last commit has of the repository."""

import subprocess
from pathlib import Path


def committed(path: Path) -> str:
    """Return what the last commit has of a file, empty when it has none, or Git is not there."""
    command = ["git", "show", f"HEAD:./{path.as_posix()}"]
    try:
        done = subprocess.run(command, capture_output=True, check=False)
    except FileNotFoundError:
        return ""
    return done.stdout.decode() if done.returncode == 0 else ""
