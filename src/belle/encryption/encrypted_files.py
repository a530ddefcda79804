"""Encrypted files on disk: which files of a folder are encrypted, and what their names and headers promise.

`NAME.<64 hex>.enc` holds the SHA-256 of the plain text (32 raw bytes, the same as the hex of the name) and
then the plain text XOR the keystream.
"""

import re
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

from belle.errors import UserError

SUFFIX = ".enc"
HEADER_BYTES = 32
ENCRYPTED_NAME = re.compile(r"(?P<name>.*[^.].*)\.(?P<digest>[0-9a-f]{64})\.enc", re.DOTALL)
"""A name of dots alone is not one: `.` and `..` are folders."""


@dataclass(frozen=True)
class EncryptedFile:
    """One encrypted file, its name and header checked.

    Attributes:
        path: the file.
        target: path of its plain text, relative to the output folder.
        digest: SHA-256 of the plain text.
        size: bytes of plain text.
    """

    path: Path
    target: Path
    digest: bytes
    size: int


def files_below(source: Path) -> dict[Path, Path]:
    """Return the file, or every file of the folder and its sub-folders, by relative path, in name order.

    Raises:
        UserError: there is nothing, or something that is neither a file nor a folder.
    """
    if source.is_file():
        return {Path(source.name): source}
    if not source.is_dir():
        raise UserError(f"{source}: no such file or folder")
    entries = sorted(source.rglob("*"))
    if odd := [entry for entry in entries if not entry.is_file() and (entry.is_symlink() or not entry.is_dir())]:
        raise UserError("\n".join(f"{entry}: not a file (a dead link or a linked folder?); remove it" for entry in odd))
    if files := {entry.relative_to(source): entry for entry in entries if entry.is_file()}:
        return files
    raise UserError(f"{source}: this folder holds no file")


def find_encrypted(source: Path) -> tuple[list[EncryptedFile], dict[Path, Path]]:
    """Return the encrypted files of a file or folder, smallest first, and the others by relative path.

    Raises:
        UserError: no encrypted file; one line for every bad name, truncated file and header that contradicts
            its name; output names that several files claim.
    """
    files = files_below(source)
    encrypted_paths = {relative: path for relative, path in files.items() if path.name.endswith(SUFFIX)}
    if not encrypted_paths:
        raise UserError(f"{source}: nothing is encrypted here (no NAME.<64 hexadecimal digits>.enc)")
    if problems := [problem for path in encrypted_paths.values() if (problem := _problem_of(path))]:
        raise UserError("\n".join(problems))
    encrypted = [_read_encrypted(relative, path) for relative, path in encrypted_paths.items()]
    plain = {relative: path for relative, path in files.items() if relative not in encrypted_paths}
    _refuse_shared_targets(source, [*(file.target for file in encrypted), *plain])
    return sorted(encrypted, key=lambda file: (file.size, file.path)), plain


def _problem_of(path: Path) -> str | None:
    match = ENCRYPTED_NAME.fullmatch(path.name)
    if not match:
        return f"{path}: the name is not NAME.<64 hexadecimal digits>.enc; give it its original name back"
    if path.stat().st_size < HEADER_BYTES:
        size = path.stat().st_size
        return f"{path}: truncated: {size} bytes, shorter than its {HEADER_BYTES}-byte header; download it again"
    if (header := _header_of(path).hex()) != match["digest"]:
        promised = f"the name says SHA-256 {match['digest']}, the header {header}"
        return f"{path}: damaged or renamed: {promised}; download it again"
    return None


def _read_encrypted(relative: Path, path: Path) -> EncryptedFile:
    target = relative.with_name(ENCRYPTED_NAME.sub(r"\g<name>", path.name))
    return EncryptedFile(path, target, _header_of(path), path.stat().st_size - HEADER_BYTES)


def _header_of(path: Path) -> bytes:
    with path.open("rb") as stream:
        return stream.read(HEADER_BYTES)


def _refuse_shared_targets(source: Path, targets: list[Path]) -> None:
    if shared := [f"{target} ({count} files)" for target, count in Counter(targets).items() if count > 1]:
        names = ", ".join(shared)
        raise UserError(f"{source}: several files would be written to the same name: {names}; keep one of each")
