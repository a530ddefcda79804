"""Files of given bytes, and files encrypted without the code under test."""

import hashlib
from pathlib import Path

import numpy as np


def random_bytes(count: int, seed: int) -> bytes:
    return np.random.default_rng(seed).bytes(count)


def write(path: Path, content: bytes) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    return path


def write_encrypted(folder: Path, name: str, plain: bytes, key: bytes) -> Path:
    """Encrypt less than 10 MiB, where the keystream is the key over and over."""
    digest = hashlib.sha256(plain)
    body = bytes(byte ^ key[position % len(key)] for position, byte in enumerate(plain))
    return write(folder / f"{name}.{digest.hexdigest()}.enc", digest.digest() + body)
