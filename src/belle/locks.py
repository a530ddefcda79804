"""One process at a time in a folder: a lock on the folder itself, which the kernel drops when the process ends."""

import errno
import fcntl
import os
import sys
from pathlib import Path

NO_LOCKS = (errno.ENOLCK, errno.ENOSYS, errno.EOPNOTSUPP, errno.EBADF)
"""What file systems without locks answer; EBADF is NFS's, which locks only what is open for writing (flock(2))."""


def lock(folder: Path, *, wait: bool = False) -> int:
    """Lock an existing folder or file; return the handle that holds the lock until it is closed or the process ends.

    Where the file system has no locks, as NFS has none for folders, it says so and goes on without.

    Args:
        folder: the folder, or the file.
        wait: whether to wait for another process that holds it.

    Raises:
        BlockingIOError: another process holds it, and `wait` is false.
    """
    handle = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | (0 if wait else fcntl.LOCK_NB))
    except OSError as error:
        if error.errno not in NO_LOCKS:
            os.close(handle)
            raise
        print(f"note: {folder}: its file system has no locks; run one command at a time here", file=sys.stderr)
    return handle
