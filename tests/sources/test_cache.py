"""The download cache: kept after a failure, emptied at the end, one process at a time."""

import errno
import os
import subprocess
import sys
import time

import pytest

from belle.errors import UserError
from belle.sources.cache import download_cache, link_or_copy


@pytest.fixture(autouse=True)
def repository(tmp_path, monkeypatch):
    monkeypatch.setenv("DVC_ROOT", str(tmp_path))
    return tmp_path


def cache_of(repository):
    return repository / ".dvc" / "tmp" / "downloads" / "data"


def test_the_cache_lies_in_the_repository_even_from_a_queued_run(repository, tmp_path_factory, monkeypatch):
    monkeypatch.chdir(tmp_path_factory.mktemp("queued"))
    with download_cache("data") as folder:
        assert folder == cache_of(repository)


def test_the_cache_is_emptied_when_all_went_well(repository):
    with download_cache("data") as folder:
        (folder / "a.partial").write_text("x")
        (folder / "repo").mkdir()
        (folder / "repo" / "b").write_text("x")
    assert list(cache_of(repository).iterdir()) == []


def test_the_cache_of_data_sources_is_kept(repository):
    with download_cache("data", keep=True) as folder:
        (folder / "a.partial").write_text("x")
    assert (cache_of(repository) / "a.partial").read_text() == "x"


@pytest.mark.parametrize("error", [UserError("wrong"), OSError(errno.EIO, "input/output error")])
def test_the_cache_is_kept_after_a_failure(repository, error):
    with pytest.raises(type(error)), download_cache("data") as folder:
        (folder / "a.partial").write_text("x")
        raise error
    assert (cache_of(repository) / "a.partial").read_text() == "x"


def test_the_cache_is_emptied_when_the_disk_is_full(repository):
    with pytest.raises(OSError, match="no space"), download_cache("data") as folder:
        (folder / "a.partial").write_text("x")
        raise OSError(errno.ENOSPC, "no space left on device")
    assert list(cache_of(repository).iterdir()) == []


def test_a_second_process_waits_for_the_first(repository):
    code = "from belle.sources.cache import download_cache\nwith download_cache('data'): print('in')"
    with download_cache("data"):
        other = subprocess.Popen(
            [sys.executable, "-c", code], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=os.environ
        )
        assert "waiting" in other.stderr.readline()
        time.sleep(0.1)
        assert other.poll() is None
    assert other.communicate(timeout=30)[0] == "in\n"


def test_a_linked_file_outlives_its_origin(tmp_path):
    (tmp_path / "a").write_text("x")
    link_or_copy(tmp_path / "a", tmp_path / "deep" / "b")
    (tmp_path / "a").unlink()
    assert (tmp_path / "deep" / "b").read_text() == "x"
