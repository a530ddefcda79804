from pathlib import Path

import pytest

from belle.encryption import keystream
from belle.encryption.xor import decrypt_path, encrypt_path
from belle.errors import UserError
from factories import contents

from .byte_files import random_bytes, write, write_encrypted


def error_of(source: Path, key: Path, out: Path) -> str:
    """The error of decrypting, after checking that nothing was left behind."""
    before = sorted(out.parent.rglob("*"))
    with pytest.raises(UserError) as error:
        decrypt_path(source, key, out)
    assert sorted(out.parent.rglob("*")) == before
    return str(error.value)


def test_a_folder_is_decrypted_with_its_plain_files_and_subfolders(encrypted, key, tmp_path):
    write_encrypted(encrypted / "shards", "a.bin", b"", key.read_bytes())
    written = decrypt_path(encrypted, key, tmp_path / "out")
    assert [path.relative_to(tmp_path / "out").as_posix() for path in written] == [
        "LICENSE", "README.md", "config.json", "model.bin", "shards/a.bin",
    ]  # fmt: skip
    assert contents(tmp_path / "out") == {
        "LICENSE": b"as is", "README.md": b"plain", "config.json": b'{"a": 1}',
        "model.bin": random_bytes(3000, 2), "shards/a.bin": b"",
    }  # fmt: skip


def test_encrypting_is_the_inverse_and_deterministic(encrypted, key, tmp_path):
    (encrypted / "README.md").unlink()
    decrypt_path(encrypted, key, tmp_path / "open")
    written = encrypt_path(tmp_path / "open", key, tmp_path / "again")
    assert written == sorted(written)
    assert contents(tmp_path / "again") == contents(encrypted)
    encrypt_path(tmp_path / "open", key, tmp_path / "third")
    assert contents(tmp_path / "third") == contents(encrypted)


def test_a_wrong_key_is_blamed_on_the_key(encrypted, wrong_key, tmp_path):
    error = error_of(encrypted, wrong_key, tmp_path / "out")
    assert error.startswith(f"{wrong_key}: wrong key")
    assert "LICENSE" in error
    assert "damaged" not in error


def test_a_wrong_key_is_found_before_a_large_file_is_read(encrypted, wrong_key, tmp_path, monkeypatch):
    monkeypatch.setattr("belle.encryption.xor.CHUNK_BYTES", 100)
    lengths = []
    original = keystream.KeyStream.block
    monkeypatch.setattr(keystream.KeyStream, "block", lambda *call: lengths.append(call[2]) or original(*call))
    error_of(encrypted, wrong_key, tmp_path / "out")
    assert sorted(lengths) == [5, 8]


def test_one_file_cannot_tell_a_wrong_key_from_damage(encrypted, wrong_key, tmp_path):
    (source,) = encrypted.glob("model.bin.*")
    error = error_of(source, wrong_key, tmp_path / "out")
    assert error.startswith(f"{wrong_key}: wrong key")
    assert "damaged" in error


@pytest.mark.parametrize("name", ["LICENSE", "config.json", "model.bin"])
def test_damage_is_blamed_on_the_file(encrypted, key, tmp_path, name):
    (path,) = encrypted.glob(f"{name}.*")
    path.write_bytes(path.read_bytes()[:-1] + b"\x00")
    (line,) = error_of(encrypted, key, tmp_path / "out").splitlines()
    assert line.startswith(f"{path}: damaged")
    # the others prove as many bytes of the key as they have themselves
    assert (f"first 8 bytes of {key}" in line) == (name == "model.bin")


def test_every_damaged_file_is_a_line(encrypted, key, tmp_path):
    for name in ("LICENSE", "model.bin"):
        (path,) = encrypted.glob(f"{name}.*")
        path.write_bytes(path.read_bytes()[:-1])
    lines = error_of(encrypted, key, tmp_path / "out").splitlines()
    assert [": damaged" in line for line in lines] == [True, True]


def test_an_empty_file_does_not_vouch_for_the_key(encrypted, key, wrong_key, tmp_path):
    write_encrypted(encrypted, "empty.txt", b"", key.read_bytes())
    assert error_of(encrypted, wrong_key, tmp_path / "out").startswith(f"{wrong_key}: wrong key")


def test_a_key_inside_the_source_is_refused(encrypted, key, tmp_path):
    inside = key.rename(encrypted / "key.pth")
    assert error_of(encrypted, inside, tmp_path / "out").startswith(f"{inside}: ")


def test_a_used_output_folder_stays_as_it_was(encrypted, key, tmp_path):
    write(tmp_path / "out" / "mine.txt", b"mine")
    assert error_of(encrypted, key, tmp_path / "out").startswith(f"{tmp_path / 'out'}: not an empty folder")
    with pytest.raises(UserError, match="not an empty folder"):
        encrypt_path(encrypted, key, tmp_path / "out")
    assert contents(tmp_path / "out") == {"mine.txt": b"mine"}


def test_an_empty_output_folder_and_relative_paths_are_accepted(encrypted, key, tmp_path, monkeypatch):
    (tmp_path / "empty").mkdir()
    monkeypatch.chdir(tmp_path / "empty")
    assert Path("config.json") in decrypt_path(encrypted, key, Path())
    assert "config.json" in contents(tmp_path / "empty")


def test_encrypted_files_are_not_encrypted_again(encrypted, key, tmp_path):
    with pytest.raises(UserError) as error:
        encrypt_path(encrypted, key, tmp_path / "out")
    names = sorted(path for path in encrypted.iterdir() if path.suffix == ".enc")
    assert [line.split(": ")[0] for line in str(error.value).splitlines()] == [str(path) for path in names]
    assert not (tmp_path / "out").exists()
