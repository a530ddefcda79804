"""What stage scripts and the command line share: errors for people, and the check of the whole configuration."""

import errno
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

from belle.errors import UserError

SOURCE = Path(__file__).resolve().parent.parent

# Threads that wait sleep instead of spinning: on cores shared with another process a forward pass of the mini model
# takes 6 ms that way and 750 ms otherwise. OpenMP reads this once, when torch is imported.
os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")
FULL = (errno.ENOSPC, errno.EDQUOT)


def run(main: Callable[[], None]) -> None:
    """Run `main`; a user's mistake or a full disk ends it with plain lines and exit code 1."""
    try:
        main()
    except UserError as error:
        sys.exit("\n".join(f"error: {line}" for line in str(error).splitlines()))
    except Exception as error:
        if not _disk_is_full(error):
            raise
        target = getattr(error, "filename", None) or "an output"
        sys.exit(f"error: {target}: the disk is full; nothing was kept; free space, run again")


def _disk_is_full(error: Exception) -> bool:
    # libraries written in Rust (safetensors, tokenizers, Daft) say it in words only
    return getattr(error, "errno", None) in FULL or any(os.strerror(code) in str(error) for code in FULL)


def check_everything() -> None:
    """Run `belle check` before long work, so that a mistake in a later stage's section is found first.

    In a process of its own: what it reads cannot change this stage's outputs, so it is no dependency of it.
    """
    environment = os.environ | {"PYTHONPATH": str(SOURCE)}
    done = subprocess.run([sys.executable, "-m", "belle.cli", "check", "--quiet"], env=environment, check=False)
    if done.returncode:
        sys.exit(done.returncode)
