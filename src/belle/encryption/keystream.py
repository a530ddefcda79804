"""The XOR keystream of BELLE's encrypted weights (`models/decrypt.py` there, after point-alpaca).

With C = 10 MiB, a key of K bytes and n = ceil(K / C): data chunk i (C bytes) uses key chunk i mod n, and
byte t of the data chunk is XORed with byte t mod length of that key chunk. Only the last key chunk can be
shorter than C. It is repeated *within* its data chunk; the next data chunk starts again at the beginning of
the key. So C is part of the format, and the key is not simply cyclic.
"""

from collections.abc import Iterator
from functools import cached_property
from io import BufferedIOBase
from pathlib import Path
from typing import Self

import numpy as np
from numpy.typing import NDArray

from belle.errors import UserError

CHUNK_BYTES = 10 * 1024 * 1024
"""C above."""
BLOCK_BYTES = 1024 * 1024
"""Bytes handled at once, a divisor of C that the processor's caches hold."""

Bytes = NDArray[np.uint8]


class KeyStream:
    """The bytes of a key file in the order the format uses them; close it, or use it in a `with`.

    The key is read piece by piece: memory does not depend on its size.

    Raises:
        UserError: the key is missing, not a file, or empty.
    """

    def __init__(self, path: Path) -> None:
        if not path.is_file():
            raise UserError(f"{path}: no such key file; give the path of the original consolidated.00.pth")
        self.path, self.size = path, path.stat().st_size
        if not self.size:
            raise UserError(f"{path}: the key file is empty; copy or download it again")
        self._stream = path.open("rb")
        self._block = np.empty(BLOCK_BYTES, np.uint8)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        self._stream.close()

    def block(self, position: int, length: int) -> Bytes:
        """Return the keystream for data bytes [position, position + length): uint8 [length].

        The piece must not cross a chunk border; it is valid until the next call.
        """
        chunk, offset = divmod(position, CHUNK_BYTES)
        start = chunk % -(-self.size // CHUNK_BYTES) * CHUNK_BYTES
        if start + CHUNK_BYTES > self.size:
            return self._tail[offset : offset + length]
        self._stream.seek(start + offset)
        if self._stream.readinto(self._block[:length].data) < length:
            raise UserError(f"{self.path}: the key file became shorter while it was read; run again")
        return self._block[:length]

    @cached_property
    def _tail(self) -> Bytes:
        """Return the last, short key chunk, repeated to a whole chunk."""
        self._stream.seek(self.size // CHUNK_BYTES * CHUNK_BYTES)
        chunk = np.frombuffer(self._stream.read(), np.uint8)
        return np.tile(chunk, -(-CHUNK_BYTES // len(chunk)))


def xor_blocks(stream: BufferedIOBase, key: KeyStream) -> Iterator[tuple[Bytes, Bytes]]:
    """Yield the rest of `stream` piece by piece, as (before, after) the XOR, each uint8 [length].

    XOR is its own inverse: this encrypts and decrypts. Both arrays are valid until the next step.
    """
    before, after = np.empty(BLOCK_BYTES, np.uint8), np.empty(BLOCK_BYTES, np.uint8)
    position = 0
    while length := stream.readinto(before.data):
        np.bitwise_xor(before[:length], key.block(position, length), out=after[:length])
        yield before[:length], after[:length]
        position += length
