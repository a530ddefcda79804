import errno
import fcntl
import os

import pytest

from belle.errors import UserError
from belle.locks import lock
from factories import open_handles


def test_a_locked_folder_is_free_again_when_its_handle_is_closed(tmp_path):
    handle = lock(tmp_path)
    with pytest.raises(BlockingIOError):
        lock(tmp_path)
    os.close(handle)
    os.close(lock(tmp_path))


@pytest.mark.parametrize("number", [errno.ENOLCK, errno.ENOSYS, errno.EOPNOTSUPP, errno.EBADF])
def test_a_file_system_without_locks_is_named(tmp_path, monkeypatch, number):
    def flock(handle, operation):
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr(fcntl, "flock", flock)
    open_before = open_handles()
    with pytest.raises(UserError, match=rf"^{tmp_path}: its file system has no locks .*local disk$"):
        lock(tmp_path)
    assert open_handles() == open_before
