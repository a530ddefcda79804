"""What every stage script shares: errors for people, and the check of the whole configuration."""

import errno
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

from belle.errors import UserError

SOURCE = Path(__file__).resolve().parent.parent


def run(main: Callable[[], None]) -> None:
    """Run a stage; a user's mistake or a full disk ends it with plain lines and exit code 1."""
    try:
        main()
    except UserError as error:
        sys.exit("\n".join(f"error: {line}" for line in str(error).splitlines()))
    except OSError as error:
        if error.errno not in (errno.ENOSPC, errno.EDQUOT):
            raise
        sys.exit(
            f"error: {error.filename or 'an output'}: the disk is full; nothing was kept; free space, run again"
        )


def check_everything() -> None:
    """Run `belle check` before long work, so that a mistake in a later stage's section is found first.

    In a process of its own: what it reads cannot change this stage's outputs, so it is no dependency of it.
    """
    environment = os.environ | {"PYTHONPATH": str(SOURCE)}
    done = subprocess.run(
        [sys.executable, "-m", "belle.cli", "check", "--quiet"], env=environment, check=False
    )
    if done.returncode:
        sys.exit(done.returncode)
