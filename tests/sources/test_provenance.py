import hashlib

from belle.config.data import DataProfile
from belle.sources.provenance import provenance


def profile(source: dict) -> DataProfile:
    values = {"source": source, "format": "text", "language": "zh", "license": "MIT", "homepage": "https://example.org"}
    return DataProfile.model_validate(values)


def test_every_file_is_recorded_by_its_checksum(tmp_path):
    (tmp_path / "deep").mkdir()
    (tmp_path / "deep" / "b.json").write_bytes(b"b")
    (tmp_path / "a.json").write_bytes(b"a")
    record = provenance(profile({"kind": "path", "path": "here"}), None, tmp_path)
    digests = {name: hashlib.sha256(content).hexdigest() for name, content in (("a.json", b"a"), ("deep/b.json", b"b"))}
    assert record["files"] == digests
    assert list(record["files"]) == ["a.json", "deep/b.json"]
    assert (record["license"], record["homepage"]) == ("MIT", "https://example.org")


def test_where_a_local_source_lies_is_not_recorded(tmp_path):
    assert provenance(profile({"kind": "path", "path": str(tmp_path)}), None, tmp_path)["source"] == {"kind": "path"}


def test_the_commit_that_was_fetched_fills_an_open_revision(tmp_path):
    hub = {"kind": "hub", "repo": "someone/rows", "revision": None, "files": ["*.json"]}
    assert provenance(profile(hub), "f" * 40, tmp_path)["source"] == hub | {"revision": "f" * 40}


def test_a_source_without_files_has_no_checksums(tmp_path):
    assert provenance(profile({"kind": "builtin", "name": "corpus"}), None, tmp_path / "none")["files"] == {}
