"""Copies of local files and folders."""

import os

import pytest

from belle.config.source import LocalPath
from belle.errors import UserError
from belle.sources.fetch import copy_path


def copied(tmp_path, origin) -> dict[str, str]:
    target = tmp_path / "target"
    target.mkdir()
    copy_path(LocalPath(kind="path", path=str(origin)), target)
    return {str(path.relative_to(target)): path.read_text() for path in sorted(target.rglob("*")) if path.is_file()}


def test_file(tmp_path):
    (tmp_path / "a.json").write_text("[]")
    assert copied(tmp_path, tmp_path / "a.json") == {"a.json": "[]"}


def test_folder_with_links_and_hidden_entries(tmp_path):
    origin = tmp_path / "origin"
    (origin / "deep").mkdir(parents=True)
    (origin / ".git").mkdir()
    (origin / ".git" / "HEAD").write_text("x")
    (tmp_path / "blob").write_text("linked")
    (origin / "link").symlink_to(tmp_path / "blob")
    (origin / "deep" / "b").write_text("b")
    assert copied(tmp_path, origin) == {"deep/b": "b", "link": "linked"}
    assert not (tmp_path / "target" / "link").is_symlink()


@pytest.mark.parametrize("hidden_only", [True, False])
def test_nothing_there(tmp_path, hidden_only):
    origin = tmp_path / "origin"
    if hidden_only:
        (origin / ".cache").mkdir(parents=True)
    with pytest.raises(UserError, match=r"origin: .*correct source.path"):
        copied(tmp_path, origin)


@pytest.mark.parametrize("make", [lambda path: path.symlink_to("nowhere"), os.mkfifo], ids=["dead link", "pipe"])
def test_what_is_no_file_is_named(tmp_path, make):
    origin = tmp_path / "origin"
    origin.mkdir()
    (origin / "a.json").write_text("[]")
    make(origin / "odd")
    with pytest.raises(UserError, match=r"origin/odd: leads nowhere or is no plain file; .*correct source.path"):
        copied(tmp_path, origin)


def test_a_pipe_as_the_source_itself(tmp_path):
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(UserError, match="pipe: leads nowhere or is no plain file"):
        copied(tmp_path, tmp_path / "pipe")
