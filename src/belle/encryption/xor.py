"""Encrypt and decrypt model files as BELLE publishes derivatives of LLaMA: `belle encrypt`, `belle decrypt`.

It is obfuscation, not encryption: the key file is the original `consolidated.00.pth`, which many people have.
Byte format: `belle.encryption.encrypted_files` (name and header) and `belle.encryption.keystream`.
"""

import hashlib
import shutil
from pathlib import Path

from belle.encryption.encrypted_files import (
    ENCRYPTED_NAME,
    HEADER_BYTES,
    SUFFIX,
    EncryptedFile,
    files_below,
    find_encrypted,
)
from belle.encryption.keystream import CHUNK_BYTES, KeyStream, xor_blocks
from belle.errors import UserError
from belle.files import fresh_directory
from belle.progress import Bar, progress


def decrypt_path(source: Path, key: Path, out: Path) -> list[Path]:
    """Decrypt a file, or every encrypted file of a folder; the folder's other files are copied.

    Small files come first, so a wrong key fails in milliseconds. Sub-folders are kept; memory is constant.

    Args:
        source: `NAME.<64 hex>.enc`, or a folder with such files.
        key: the key file.
        out: folder for the results, new or empty; it appears when everything is done and correct.

    Returns:
        The files written, in name order.

    Raises:
        UserError: `out` is in use, the key is missing, empty or wrong, a file is damaged or badly named.
    """
    _check_folders(source, key, out)
    encrypted, plain = find_encrypted(source)
    total = sum(file.size for file in encrypted) + sum(path.stat().st_size for path in plain.values())
    with (
        KeyStream(key) as stream,
        fresh_directory(out.resolve()) as folder,
        progress("decrypt", total, "bytes") as bar,
    ):
        _decrypt_all(encrypted, stream, folder, bar)
        for target, path in plain.items():
            shutil.copyfile(path, _with_folder(folder / target))
            bar.advance(path.stat().st_size, target.name)
    return [out / target for target in sorted([*(file.target for file in encrypted), *plain])]


def encrypt_path(source: Path, key: Path, out: Path) -> list[Path]:
    """Encrypt a file, or every file of a folder: the inverse of `decrypt_path`, with the same arguments.

    The same plain text and key always give the same bytes: the format has no salt.

    Raises:
        UserError: `out` is in use, the key is missing or empty, a file is already encrypted.
    """
    _check_folders(source, key, out)
    files = files_below(source)
    if done := [path for path in files.values() if ENCRYPTED_NAME.fullmatch(path.name)]:
        raise UserError("\n".join(f"{path}: already encrypted; leave it out" for path in done))
    total = sum(path.stat().st_size for path in files.values())
    with (
        KeyStream(key) as stream,
        fresh_directory(out.resolve()) as folder,
        progress("encrypt", total, "bytes") as bar,
    ):
        written = [_encrypt_file(path, stream, folder / target, bar) for target, path in files.items()]
        return sorted(out / path.relative_to(folder) for path in written)


def _check_folders(source: Path, key: Path, out: Path) -> None:
    if out.exists() and (not out.is_dir() or any(out.iterdir())):
        raise UserError(f"{out}: not an empty folder; give --out a new one")
    if source.is_dir() and key.resolve().is_relative_to(source.resolve()):
        raise UserError(f"{key}: the key lies in the folder to convert and would be published with it; move it out")


def _with_folder(target: Path) -> Path:
    """Make the folder of `target` and return `target`."""
    target.parent.mkdir(parents=True, exist_ok=True)
    return target


def _decrypt_all(files: list[EncryptedFile], key: KeyStream, folder: Path, bar: Bar) -> None:
    """Decrypt small files, then large ones (smallest first in `files`); stop after a group with a failure."""
    small = sum(file.size <= CHUNK_BYTES for file in files) or 1
    tried: dict[EncryptedFile, bool] = {}
    for group in (files[:small], files[small:]):
        tried |= {file: _decrypt_file(file, key, folder, bar) for file in group}
        if not all(tried.values()):
            raise UserError(_explain_failure(tried, key))


def _decrypt_file(file: EncryptedFile, key: KeyStream, folder: Path, bar: Bar) -> bool:
    """Write the plain text; return whether it has the promised SHA-256."""
    digest = hashlib.sha256()
    with file.path.open("rb") as source, _with_folder(folder / file.target).open("wb") as target:
        source.seek(HEADER_BYTES)
        for _, plain in xor_blocks(source, key):
            digest.update(plain.data)
            target.write(plain.data)
            bar.advance(len(plain), file.target.name)
    return digest.digest() == file.digest


def _encrypt_file(path: Path, key: KeyStream, target: Path, bar: Bar) -> Path:
    """Write header and body beside `target` in one pass; the digest, known last, fills header and name."""
    digest = hashlib.sha256()
    unnamed = _with_folder(target.with_name(SUFFIX))
    with path.open("rb") as source, unnamed.open("wb") as stream:
        stream.write(bytes(HEADER_BYTES))
        for plain, encrypted in xor_blocks(source, key):
            digest.update(plain.data)
            stream.write(encrypted.data)
            bar.advance(len(plain), path.name)
        stream.seek(0)
        stream.write(digest.digest())
    return unnamed.rename(target.with_name(f"{target.name}.{digest.hexdigest()}{SUFFIX}"))


def _explain_failure(tried: dict[EncryptedFile, bool], key: KeyStream) -> str:
    """Return the error that says whether the key or a file is wrong.

    A key that fits a file is right in as many bytes as the file has, no more: an empty file proves nothing,
    and a tiny one little, because all PyTorch checkpoints begin alike.
    """
    failed = [file for file, fits in tried.items() if not fits]
    proven = max((file.size for file, fits in tried.items() if fits), default=0)
    if proven:
        return "\n".join(_damage(file, proven, key) for file in failed)
    doubt = "" if len(failed) > 1 else " (or that file is damaged: there is no second one to tell)"
    return (
        f"{key.path}: wrong key: it does not fit {failed[0].path.name}, the smallest encrypted file{doubt}; "
        "take the original consolidated.00.pth that the model was encrypted with (docs/decrypt.md)"
    )


def _damage(file: EncryptedFile, proven: int, key: KeyStream) -> str:
    what = "its content does not match its SHA-256, and the key fits other files"
    line = f"{file.path}: damaged: {what}; download it again"
    if file.size <= proven:
        return line
    beginning = f"only the first {proven} bytes of {key.path} are right: incomplete, or another model's"
    return f"{line}; if it is whole, {beginning}"
