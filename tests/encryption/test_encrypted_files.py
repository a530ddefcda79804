import hashlib
from pathlib import Path

import pytest

from belle.encryption.encrypted_files import files_below, find_encrypted
from belle.errors import UserError

from .byte_files import write, write_encrypted


def error_of(source: Path) -> str:
    """The one line of the error."""
    with pytest.raises(UserError) as error:
        find_encrypted(source)
    assert "\n" not in str(error.value)
    return str(error.value)


def test_encrypted_files_come_smallest_first_and_the_others_by_path(encrypted, key):
    write_encrypted(encrypted / "shards", "a.bin", b"", key.read_bytes())
    files, plain = find_encrypted(encrypted)
    assert [(str(file.target), file.size) for file in files] == [
        ("shards/a.bin", 0),
        ("LICENSE", 5),
        ("config.json", 8),
        ("model.bin", 3000),
    ]
    assert files[1].digest == hashlib.sha256(b"as is").digest()
    assert plain == {Path("README.md"): encrypted / "README.md"}


def test_one_file_is_found_by_its_own_path(encrypted):
    (source,) = encrypted.glob("config.json.*")
    (file,), plain = find_encrypted(source)
    assert (file.path, file.target, plain) == (source, Path("config.json"), {})


NAMES = {
    "no digest": "model.bin.enc",
    "short digest": f"model.bin.{'0' * 63}.enc",
    "empty name": f".{'0' * 64}.enc",
    "parent folder": f"...{'0' * 64}.enc",
    "another digest": f"model.bin.{'0' * 64}.enc",
}


@pytest.mark.parametrize("name", NAMES.values(), ids=NAMES)
def test_a_name_that_promises_nothing_or_something_else_is_refused(encrypted, name):
    path = write(encrypted / name, bytes(range(40)))
    assert error_of(encrypted).startswith(f"{path}: ")


def test_a_digest_that_is_not_that_of_the_header_is_shown_with_it(encrypted):
    write(encrypted / f"model.bin.{'0' * 64}.enc", bytes(range(40)))
    error = error_of(encrypted)
    assert "0" * 64 in error
    assert bytes(range(32)).hex() in error


def test_a_truncated_header_is_refused(encrypted):
    (path,) = encrypted.glob("model.bin.*")
    path.write_bytes(path.read_bytes()[:31])
    error = error_of(encrypted)
    assert error.startswith(f"{path}: ")
    assert "31 bytes" in error


def test_every_wrong_file_is_a_line(encrypted):
    for name in NAMES.values():
        write(encrypted / name, bytes(range(40)))
    with pytest.raises(UserError) as error:
        find_encrypted(encrypted)
    assert len(str(error.value).splitlines()) == len(NAMES)


@pytest.mark.parametrize("is_encrypted", [True, False], ids=["two encrypted", "one plain"])
def test_two_files_for_one_name_are_refused(encrypted, key, is_encrypted):
    if is_encrypted:
        write_encrypted(encrypted, "config.json", b"other", key.read_bytes())
    else:
        write(encrypted / "config.json", b"other")
    error = error_of(encrypted)
    assert error.startswith(f"{encrypted}: ")
    assert "config.json (2 files)" in error


@pytest.mark.parametrize("make", [lambda path: None, lambda path: path.mkdir(), lambda path: write(path / "a", b"a")])
def test_nothing_encrypted_is_an_error(tmp_path, make):
    make(tmp_path / "source")
    assert error_of(tmp_path / "source").startswith(f"{tmp_path / 'source'}: ")


@pytest.mark.parametrize("target", [".", "nowhere"])
def test_a_linked_folder_and_a_dead_link_are_refused(encrypted, target):
    (encrypted / "elsewhere").symlink_to(target)
    assert error_of(encrypted).startswith(f"{encrypted / 'elsewhere'}: ")


def test_files_below_a_folder_are_sorted_by_path(tmp_path):
    paths = [write(tmp_path / name, b"") for name in ("b", "a/c", "a/b")]
    assert list(files_below(tmp_path).values()) == sorted(paths)
