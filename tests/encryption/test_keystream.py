import hashlib
import subprocess
import sys
from pathlib import Path

import pytest

from belle.encryption import keystream
from belle.encryption.xor import decrypt_path, encrypt_path
from belle.errors import UserError
from factories import contents

from .byte_files import random_bytes, write

CHUNK = 10_485_760
EMPTY_JSON = "special_tokens_map.json.44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a.enc"


def slow_xor(data: bytes, key: bytes, chunk: int) -> bytes:
    """The format byte by byte, as its description says it."""
    pieces = [key[start : start + chunk] for start in range(0, len(key), chunk)]
    result = bytearray()
    for position, byte in enumerate(data):
        piece = pieces[position // chunk % len(pieces)]
        result.append(byte ^ piece[position % chunk % len(piece)])
    return bytes(result)


def whole_number_xor(data: bytes, key: bytes) -> bytes:
    """The same, a chunk at a time: XOR of two long integers."""
    pieces = [key[start : start + CHUNK] for start in range(0, len(key), CHUNK)]
    result = []
    for index, start in enumerate(range(0, len(data), CHUNK)):
        part, piece = data[start : start + CHUNK], pieces[index % len(pieces)]
        stream = (piece * (len(part) // len(piece) + 1))[: len(part)]
        number = int.from_bytes(part, "big") ^ int.from_bytes(stream, "big")
        result.append(number.to_bytes(len(part), "big"))
    return b"".join(result)


def test_a_published_file_is_encrypted_to_the_letter(tmp_path):
    plain, key = write(tmp_path / "special_tokens_map.json", b"{}"), write(tmp_path / "key", b"\x01\x02\x03")
    assert encrypt_path(plain, key, tmp_path / "out") == [tmp_path / "out" / EMPTY_JSON]
    digest = bytes.fromhex(EMPTY_JSON.split(".")[2])
    assert contents(tmp_path / "out") == {EMPTY_JSON: digest + b"\x7a\x7f"}
    assert decrypt_path(tmp_path / "out" / EMPTY_JSON, key, tmp_path / "back") == [
        tmp_path / "back" / "special_tokens_map.json"
    ]
    assert contents(tmp_path / "back") == {"special_tokens_map.json": b"{}"}


@pytest.mark.parametrize("key_length", [1, 3, 15, 16, 17, 31, 32, 33, 47, 48, 100])
def test_the_format_is_kept_at_every_length(tmp_path, monkeypatch, key_length):
    monkeypatch.setattr(keystream, "CHUNK_BYTES", 16)
    monkeypatch.setattr(keystream, "BLOCK_BYTES", 8)
    key = write(tmp_path / "key", random_bytes(key_length, 3))
    for length in range(0, 120, 7):
        plain = write(tmp_path / "in" / f"{length}.bin", random_bytes(length, length))
        (made,) = encrypt_path(plain, key, tmp_path / f"out{length}")
        assert made.read_bytes()[32:] == slow_xor(plain.read_bytes(), key.read_bytes(), 16)


@pytest.mark.slow
@pytest.mark.parametrize("key_length", [13_000_000, CHUNK, 2 * CHUNK, 4_000_000, 50_000_000])
def test_the_format_is_kept_at_real_sizes(tmp_path, key_length):
    key = write(tmp_path / "key", random_bytes(key_length, 4))
    plain = write(tmp_path / "model.bin", random_bytes(45_000_000, 5))
    (made,) = encrypt_path(plain, key, tmp_path / "encrypted")
    expected = whole_number_xor(plain.read_bytes(), key.read_bytes())
    assert made.read_bytes() == hashlib.sha256(plain.read_bytes()).digest() + expected
    decrypt_path(made, key, tmp_path / "back")
    assert (tmp_path / "back" / "model.bin").read_bytes() == plain.read_bytes()


@pytest.mark.parametrize("content", [None, b""], ids=["missing", "empty"])
def test_a_key_without_bytes_is_refused(tmp_path, content):
    if content is not None:
        write(tmp_path / "key.pth", content)
    with pytest.raises(UserError, match=rf"key\.pth: .*{'no such' if content is None else 'empty'}"):
        keystream.KeyStream(tmp_path / "key.pth")


def test_the_last_short_chunk_of_the_key_is_repeated_and_not_the_whole_key(tmp_path):
    key, plain = random_bytes(CHUNK + 1000, 6), random_bytes(CHUNK + 5000, 7)
    (made,) = encrypt_path(write(tmp_path / "a", plain), write(tmp_path / "key", key), tmp_path / "out")
    body = made.read_bytes()[32:]
    last = key[CHUNK:]
    assert body[CHUNK:] == bytes(byte ^ last[position % 1000] for position, byte in enumerate(plain[CHUNK:]))
    cyclic = bytes(plain[p] ^ key[p % len(key)] for p in range(CHUNK, len(plain)))
    assert body[CHUNK : CHUNK + 1000] == cyclic[:1000]
    assert body[CHUNK + 1000 :] != cyclic[1000:]


@pytest.mark.parametrize("convert", [encrypt_path, decrypt_path])
def test_a_full_disk_leaves_nothing(tmp_path, convert):
    key = write(tmp_path / "key.pth", random_bytes(5000, 1))
    plain = write(tmp_path / "in" / "model.bin", random_bytes(4_000_000, 8))
    source = plain if convert is encrypt_path else encrypt_path(plain, key, tmp_path / "encrypted")[0]
    disk = tmp_path / "disk"
    disk.mkdir()
    mount = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=2m", "tmpfs", disk], capture_output=True)
    if mount.returncode:
        pytest.skip(f"no right to mount a small tmpfs: {mount.stderr.decode().strip()}")
    try:
        with pytest.raises(OSError, match="No space left"):
            convert(source, key, disk / "out")
        assert list(disk.iterdir()) == []
    finally:
        subprocess.run(["umount", disk], check=True)


MEASURE = """
import sys
from pathlib import Path
from belle.encryption.xor import decrypt_path, encrypt_path

def peak():
    return int(Path("/proc/self/status").read_text().split("VmHWM:")[1].split()[0]) // 1024

before = peak()
(made,) = encrypt_path(Path("model.bin"), Path("key"), Path("encrypted"))
decrypt_path(made, Path("key"), Path("open"))
print(peak() - before)
"""


@pytest.mark.slow
@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="peak memory is read from /proc")
def test_memory_is_constant(tmp_path):
    for name, seed in (("model.bin", 10), ("key", 11)):
        write(tmp_path / name, random_bytes(150_000_000 + seed, seed))
    environment = {"PYTHONPATH": str(Path(keystream.__file__).parents[2]), "OMP_NUM_THREADS": "1"}
    command = [sys.executable, "-c", MEASURE]
    result = subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, text=True, check=True)
    assert int(result.stdout) < 60
