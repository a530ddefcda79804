import errno
import fcntl
import os

import pytest

from belle.locks import lock
from factories import open_handles


def test_a_locked_folder_is_free_again_when_its_handle_is_closed(tmp_path):
    handle = lock(tmp_path)
    with pytest.raises(BlockingIOError):
        lock(tmp_path)
    os.close(handle)
    os.close(lock(tmp_path))


@pytest.mark.parametrize("number", [errno.ENOLCK, errno.ENOSYS, errno.EOPNOTSUPP, errno.EBADF])
def test_a_file_system_without_locks_is_named_and_used(tmp_path, monkeypatch, capsys, number):
    def flock(handle, operation):
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr(fcntl, "flock", flock)
    os.close(lock(tmp_path))
    assert capsys.readouterr().err.startswith(f"note: {tmp_path}: its file system has no locks")


def test_another_failure_leaks_no_handle(tmp_path, monkeypatch):
    def flock(handle, operation):
        raise OSError(errno.EINTR, "interrupted")

    monkeypatch.setattr(fcntl, "flock", flock)
    before = open_handles()
    with pytest.raises(OSError, match="interrupted"):
        lock(tmp_path)
    assert open_handles() == before
