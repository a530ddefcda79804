from pathlib import Path

import pytest

from .byte_files import random_bytes, write, write_encrypted


@pytest.fixture
def key(tmp_path: Path) -> Path:
    return write(tmp_path / "key.pth", random_bytes(5000, 1))


@pytest.fixture
def wrong_key(tmp_path: Path) -> Path:
    return write(tmp_path / "wrong.pth", random_bytes(5000, 9))


@pytest.fixture
def encrypted(tmp_path: Path, key: Path) -> Path:
    """A folder with three encrypted files and a plain one."""
    folder, secret = tmp_path / "encrypted", key.read_bytes()
    write_encrypted(folder, "config.json", b'{"a": 1}', secret)
    write_encrypted(folder, "LICENSE", b"as is", secret)
    write_encrypted(folder, "model.bin", random_bytes(3000, 2), secret)
    write(folder / "README.md", b"plain")
    return folder
