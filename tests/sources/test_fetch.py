"""Files of each kind of source and the record of them: a local path, URLs; the hub is in test_hub.py."""

import hashlib
import os

import pytest
from pydantic import TypeAdapter

from belle.config.source import LocalPath, Source, UrlFile, Urls
from belle.errors import UserError
from belle.sources.fetch import fetch, provenance
from factories import contents


def copied(tmp_path, origin) -> dict[str, bytes]:
    (tmp_path / "target").mkdir()
    assert fetch(LocalPath(kind="path", path=str(origin)), tmp_path / "target", tmp_path / "cache", "dataset") is None
    return contents(tmp_path / "target")


def test_a_file_is_copied(tmp_path):
    (tmp_path / "a.json").write_text("[]")
    assert copied(tmp_path, tmp_path / "a.json") == {"a.json": b"[]"}


def test_a_folder_is_copied_with_links_followed_and_hidden_entries_left_out(tmp_path):
    origin = tmp_path / "origin"
    (origin / "deep").mkdir(parents=True)
    (origin / ".git").mkdir()
    (origin / ".git" / "HEAD").write_text("x")
    (tmp_path / "blob").write_text("linked")
    (origin / "link").symlink_to(tmp_path / "blob")
    (origin / "deep" / "b").write_text("b")
    assert copied(tmp_path, origin) == {"deep/b": b"b", "link": b"linked"}
    assert not (tmp_path / "target" / "link").is_symlink()


@pytest.mark.parametrize("hidden_only", [True, False])
def test_nothing_to_copy_is_an_error(tmp_path, hidden_only):
    origin = tmp_path / "origin"
    if hidden_only:
        (origin / ".cache").mkdir(parents=True)
    with pytest.raises(UserError, match=r"origin: .*source\.path"):
        copied(tmp_path, origin)


@pytest.mark.parametrize("make", [lambda path: path.symlink_to("nowhere"), os.mkfifo], ids=["dead link", "pipe"])
def test_an_entry_that_is_no_file_is_named(tmp_path, make):
    origin = tmp_path / "origin"
    origin.mkdir()
    (origin / "a.json").write_text("[]")
    make(origin / "odd")
    with pytest.raises(UserError, match=r"origin/odd: .*source\.path"):
        copied(tmp_path, origin)


@pytest.mark.parametrize("where", ["", "deep"])
def test_a_link_to_a_folder_that_it_lies_in_is_named(tmp_path, where):
    origin = tmp_path / "origin"
    (origin / "deep").mkdir(parents=True)
    (origin / where / "loop").symlink_to(origin)
    with pytest.raises(UserError, match=rf"^{origin / where / 'loop'}: this link leads to a folder that it lies in"):
        copied(tmp_path, origin)


def test_a_source_that_is_no_file_is_named(tmp_path):
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(UserError, match=r"pipe: .*source\.path"):
        copied(tmp_path, tmp_path / "pipe")


def test_every_file_of_a_url_source_is_fetched(tmp_path, server):
    for folder in ("target", "cache"):
        (tmp_path / folder).mkdir()
    server.files = {"/1": b"one", "/2": b"two"}
    files = [
        UrlFile(url=f"{server.address}{path}", sha256=hashlib.sha256(content).hexdigest(), name=f"{path[1:]}.json")
        for path, content in server.files.items()
    ]
    assert fetch(Urls(kind="url", files=files), tmp_path / "target", tmp_path / "cache", "dataset") is None
    assert contents(tmp_path / "target") == {"1.json": b"one", "2.json": b"two"}


def source(**keys) -> Source:
    return TypeAdapter(Source).validate_python(keys)


def test_every_file_is_recorded_by_its_checksum(tmp_path):
    (tmp_path / "deep").mkdir()
    (tmp_path / "deep" / "b.json").write_bytes(b"b")
    (tmp_path / "a.json").write_bytes(b"a")
    record = provenance(source(kind="path", path="here"), None, tmp_path)
    digests = {name: hashlib.sha256(content).hexdigest() for name, content in (("a.json", b"a"), ("deep/b.json", b"b"))}
    assert record["files"] == digests
    assert list(record["files"]) == ["a.json", "deep/b.json"]


def test_where_a_local_source_lies_is_not_recorded(tmp_path):
    assert provenance(source(kind="path", path=str(tmp_path)), None, tmp_path)["source"] == {"kind": "path"}


def test_the_commit_that_was_fetched_fills_an_open_revision(tmp_path):
    hub = {"kind": "hub", "repo": "someone/rows", "revision": None, "files": ["*.json"]}
    assert provenance(source(**hub), "f" * 40, tmp_path)["source"] == hub | {"revision": "f" * 40}


def test_a_source_without_files_has_no_checksums(tmp_path):
    assert provenance(source(kind="builtin", name="corpus"), None, tmp_path / "none")["files"] == {}
