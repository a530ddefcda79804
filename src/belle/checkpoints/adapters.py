"""What an adapter says about the model it was trained on, in its pointer: where it is, a digest, its precision.

{"base_precision": "nf4", "base_sha256": "…", "path": "models/pretrained"}
"""

import hashlib
from collections.abc import Iterator
from pathlib import Path

from belle.checkpoints.resolve import (
    ADAPTER_CONFIG,
    CONFIG,
    POINTER,
    ResolvedCheckpoint,
    resolve_checkpoint,
    weight_files,
)
from belle.errors import UserError
from belle.files import read_json_object, write_json

SAMPLES, SAMPLE_BYTES = 4096, 64
"""What is read of a large weight file for the digest."""
NF4 = "nf4"


def write_base_pointer(directory: Path, checkpoint: Path, base_precision: str) -> None:
    """Write the pointer of an adapter.

    Args:
        directory: of the adapter.
        checkpoint: the model it was trained on, relative to the repository root.
        base_precision: `nf4`, or the one in which that model is stored or computed.
    """
    digest = weights_digest(resolve_checkpoint(checkpoint))
    pointer = {"path": checkpoint.as_posix(), "base_sha256": digest, "base_precision": base_precision}
    write_json(directory / POINTER, pointer)


def read_base_precision(adapter: Path) -> str | None:
    """Return the precision of the base that an adapter was trained on; None when its pointer does not say."""
    precision = read_json_object(adapter / POINTER, "train the adapter again").get("base_precision")
    return precision if isinstance(precision, str) else None


def refuse_changed_base(files: ResolvedCheckpoint) -> None:
    """Compare the base of every adapter with the one it was trained on.

    Raises:
        UserError: it is another one now.
    """
    for number, adapter in enumerate(files.adapters):
        pointer = read_json_object(adapter / POINTER, "train the adapter again")
        base = ResolvedCheckpoint(files.base, files.adapters[:number], files.tokenizer)
        if (expected := pointer.get("base_sha256")) and expected != weights_digest(base):
            raise UserError(
                f"{adapter}: this adapter was trained on other weights than {pointer.get('path')} holds now; train it "
                "again, or bring back that model"
            )


def weights_digest(files: ResolvedCheckpoint) -> str:
    """Return a SHA-256 over configuration and weights of a checkpoint.

    Of a file above 256 KiB its size and 4096 places spread over it are read: no second for 13 GB, and any training
    changes all of them.
    """
    digest = hashlib.sha256()
    for directory in (files.base, *files.adapters):
        config = CONFIG if directory == files.base else ADAPTER_CONFIG
        for path in (directory / config, *weight_files(directory)):
            digest.update(f"{path.name} {path.stat().st_size}\n".encode())
            for part in _samples(path):
                digest.update(part)
    return digest.hexdigest()


def _samples(path: Path) -> Iterator[bytes]:
    size = path.stat().st_size
    with path.open("rb") as stream:
        if size <= SAMPLES * SAMPLE_BYTES:
            yield stream.read()
            return
        for number in range(SAMPLES):
            stream.seek(number * (size - SAMPLE_BYTES) // (SAMPLES - 1))
            yield stream.read(SAMPLE_BYTES)
