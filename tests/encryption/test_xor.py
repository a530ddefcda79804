import hashlib
from pathlib import Path

import pytest
from byte_files import contents, random_bytes, write

from belle.encryption import keystream
from belle.encryption.xor import decrypt_path, encrypt_path
from belle.errors import UserError


def lock(folder: Path, name: str, plain: bytes, key: bytes) -> Path:
    """Encrypt less than 10 MiB, where the keystream is the key over and over."""
    digest = hashlib.sha256(plain)
    body = bytes(byte ^ key[position % len(key)] for position, byte in enumerate(plain))
    return write(folder / f"{name}.{digest.hexdigest()}.enc", digest.digest() + body)


@pytest.fixture
def key(tmp_path: Path) -> Path:
    return write(tmp_path / "key.pth", random_bytes(5000, 1))


@pytest.fixture
def locked(tmp_path: Path, key: Path) -> Path:
    folder, secret = tmp_path / "locked", key.read_bytes()
    lock(folder, "config.json", b'{"a": 1}', secret)
    lock(folder, "LICENSE", b"as is", secret)
    lock(folder, "model.bin", random_bytes(3000, 2), secret)
    write(folder / "README.md", b"plain")
    return folder


def refusal(source: Path, key: Path, out: Path) -> str:
    """The message, after checking that nothing was left behind."""
    before = sorted(out.parent.rglob("*"))
    with pytest.raises(UserError) as caught:
        decrypt_path(source, key, out)
    assert sorted(out.parent.rglob("*")) == before
    return str(caught.value)


def test_folder_with_plain_files_and_subfolders(locked: Path, key: Path, tmp_path: Path) -> None:
    lock(locked / "shards", "a.bin", b"", key.read_bytes())
    written = decrypt_path(locked, key, tmp_path / "out")
    assert [path.relative_to(tmp_path / "out").as_posix() for path in written] == [
        "LICENSE", "README.md", "config.json", "model.bin", "shards/a.bin",
    ]  # fmt: skip
    assert contents(tmp_path / "out") == {
        "LICENSE": b"as is", "README.md": b"plain", "config.json": b'{"a": 1}',
        "model.bin": random_bytes(3000, 2), "shards/a.bin": b"",
    }  # fmt: skip


def test_encrypt_is_the_inverse_and_deterministic(locked: Path, key: Path, tmp_path: Path) -> None:
    (locked / "README.md").unlink()
    decrypt_path(locked, key, tmp_path / "open")
    written = encrypt_path(tmp_path / "open", key, tmp_path / "again")
    assert written == sorted(written)
    assert contents(tmp_path / "again") == contents(locked)
    encrypt_path(tmp_path / "open", key, tmp_path / "third")
    assert contents(tmp_path / "third") == contents(locked)


def test_wrong_key_is_blamed_on_the_key(locked: Path, tmp_path: Path) -> None:
    wrong = write(tmp_path / "wrong.pth", random_bytes(5000, 9))
    message = refusal(locked, wrong, tmp_path / "out")
    assert message.startswith(f"{wrong}: wrong key") and "LICENSE" in message and "damaged" not in message


def test_wrong_key_reads_no_large_file(locked: Path, tmp_path: Path, monkeypatch) -> None:
    monkeypatch.setattr("belle.encryption.xor.CHUNK_BYTES", 100)
    tried = []
    original = keystream.KeyStream.block
    monkeypatch.setattr(keystream.KeyStream, "block", lambda *call: tried.append(call[2]) or original(*call))
    refusal(locked, write(tmp_path / "wrong.pth", random_bytes(5000, 9)), tmp_path / "out")
    assert sorted(tried) == [5, 8]


def test_one_file_cannot_tell_key_from_damage(locked: Path, tmp_path: Path) -> None:
    wrong = write(tmp_path / "wrong.pth", random_bytes(5000, 9))
    (source,) = locked.glob("model.bin.*")
    assert "or that file is damaged" in refusal(source, wrong, tmp_path / "out")


@pytest.mark.parametrize("name", ["LICENSE", "config.json", "model.bin"])
def test_damage_is_blamed_on_the_file(locked: Path, key: Path, tmp_path: Path, name: str) -> None:
    (path,) = locked.glob(f"{name}.*")
    path.write_bytes(path.read_bytes()[:-1] + b"\x00")
    lines = refusal(locked, key, tmp_path / "out").splitlines()
    assert len(lines) == 1 and lines[0].startswith(f"{path}: damaged")
    assert ("only the first" in lines[0]) == (name == "model.bin")


def test_every_damaged_file_is_named(locked: Path, key: Path, tmp_path: Path) -> None:
    for name in ("LICENSE", "model.bin"):
        (path,) = locked.glob(f"{name}.*")
        path.write_bytes(path.read_bytes()[:-1])
    assert refusal(locked, key, tmp_path / "out").count(": damaged") == 2


def test_an_empty_file_does_not_vouch_for_the_key(locked: Path, key: Path, tmp_path: Path) -> None:
    lock(locked, "empty.txt", b"", key.read_bytes())
    wrong = write(tmp_path / "wrong.pth", random_bytes(5000, 9))
    assert refusal(locked, wrong, tmp_path / "out").startswith(f"{wrong}: wrong key")


@pytest.mark.parametrize(
    ("content", "words"),
    [(None, "no such key file"), (b"", "the key file is empty")],
    ids=["missing", "empty"],
)
def test_unusable_key(locked: Path, tmp_path: Path, content: bytes | None, words: str) -> None:
    path = tmp_path / "other.pth"
    if content is not None:
        path.write_bytes(content)
    assert words in refusal(locked, path, tmp_path / "out")


NAMES = {
    "no hex": ("model.bin.enc", "the name is not NAME"),
    "short hex": (f"model.bin.{'0' * 63}.enc", "the name is not NAME"),
    "empty name": (f".{'0' * 64}.enc", "the name is not NAME"),
    "parent folder": (f"...{'0' * 64}.enc", "the name is not NAME"),
    "wrong hex": (f"model.bin.{'0' * 64}.enc", "damaged or renamed"),
}


@pytest.mark.parametrize(("name", "words"), NAMES.values(), ids=NAMES)
def test_bad_name(locked: Path, key: Path, tmp_path: Path, name: str, words: str) -> None:
    path = write(locked / name, bytes(range(40)))
    message = refusal(locked, key, tmp_path / "out")
    assert message.startswith(f"{path}: ") and words in message and len(message.splitlines()) == 1


def test_truncated_header(locked: Path, key: Path, tmp_path: Path) -> None:
    (path,) = locked.glob("model.bin.*")
    path.write_bytes(path.read_bytes()[:31])
    assert refusal(locked, key, tmp_path / "out").startswith(f"{path}: truncated: 31 bytes")


@pytest.mark.parametrize("encrypted", [True, False], ids=["two encrypted", "one plain"])
def test_two_files_for_one_name(locked: Path, key: Path, tmp_path: Path, encrypted: bool) -> None:
    if encrypted:
        lock(locked, "config.json", b"other", key.read_bytes())
    else:
        write(locked / "config.json", b"other")
    assert "the same name: config.json (2 files)" in refusal(locked, key, tmp_path / "out")


def test_nothing_encrypted(tmp_path: Path, key: Path) -> None:
    write(tmp_path / "plain" / "README.md", b"plain")
    assert "nothing is encrypted here" in refusal(tmp_path / "plain", key, tmp_path / "out")
    assert "no such file or folder" in refusal(tmp_path / "absent", key, tmp_path / "out")


def test_linked_folder(locked: Path, key: Path, tmp_path: Path) -> None:
    (locked / "elsewhere").symlink_to(tmp_path)
    assert f"{locked / 'elsewhere'}: not a file" in refusal(locked, key, tmp_path / "out")


def test_key_inside_the_source(locked: Path, key: Path, tmp_path: Path) -> None:
    inside = key.rename(locked / "key.pth")
    assert refusal(locked, inside, tmp_path / "out").startswith(f"{inside}: the key lies in the folder")


def test_used_output_stays_as_it_was(locked: Path, key: Path, tmp_path: Path) -> None:
    write(tmp_path / "out" / "mine.txt", b"mine")
    assert "not an empty folder" in refusal(locked, key, tmp_path / "out")
    with pytest.raises(UserError, match="not an empty folder"):
        encrypt_path(locked, key, tmp_path / "out")
    assert contents(tmp_path / "out") == {"mine.txt": b"mine"}


def test_empty_output_folder_and_relative_paths(locked: Path, key: Path, tmp_path: Path, monkeypatch) -> None:
    (tmp_path / "empty").mkdir()
    monkeypatch.chdir(tmp_path / "empty")
    assert Path("config.json") in decrypt_path(locked, key, Path())
    assert "config.json" in contents(tmp_path / "empty")


def test_encrypted_twice(locked: Path, key: Path, tmp_path: Path) -> None:
    with pytest.raises(UserError, match="already encrypted") as caught:
        encrypt_path(locked, key, tmp_path / "out")
    assert len(str(caught.value).splitlines()) == 3
    assert not (tmp_path / "out").exists()
