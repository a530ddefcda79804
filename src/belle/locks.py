"""One process at a time in a folder: a lock on the folder itself, which the kernel drops when the process ends."""

import errno
import fcntl
import os
from pathlib import Path

from belle.errors import UserError

NO_LOCKS = (errno.ENOLCK, errno.ENOSYS, errno.EOPNOTSUPP, errno.EBADF)
"""What network file systems answer; EBADF is NFS's, which locks only what is open for writing."""


def lock(folder: Path, *, wait: bool = False) -> int:
    """Lock an existing folder; return the handle that holds the lock until it is closed.

    Args:
        folder: the folder.
        wait: whether to wait for another process that holds it.

    Raises:
        BlockingIOError: another process holds it, and `wait` is false.
        UserError: the folder lies on a file system without locks.
    """
    handle = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | (0 if wait else fcntl.LOCK_NB))
    except OSError as error:
        os.close(handle)
        if error.errno in NO_LOCKS:
            raise UserError(
                f"{folder}: its file system has no locks ({error.strerror}); put the repository on a local disk"
            ) from None
        raise
    return handle
