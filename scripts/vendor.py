"""Fetch the JavaScript libraries of the report page: `python scripts/vendor.py`, needs npm.

Packages come from npm's registry and are checked against the integrity hash that it publishes. The repository keeps
the few files that the page uses, with their licenses and a manifest of hashes, so nothing else ever needs npm.
"""

import base64
import hashlib
import json
import subprocess
import tarfile
import tempfile
from pathlib import Path
from typing import Any

from belle.files import write_json

PACKAGES = {
    "preact": ("11.2.0", "dist/preact.mjs"),
    "htm": ("3.1.1", "dist/htm.umd.js"),
    "diff": ("9.0.0", "dist/diff.min.js"),
}
"""Version, and the file that the page uses, by name of the package."""
TARGET = Path(__file__).resolve().parents[1] / "src" / "belle" / "report" / "vendor"


def main() -> None:
    """Write the files and manifest.json."""
    TARGET.mkdir(exist_ok=True)
    manifest = [vendor(name, version, file) for name, (version, file) in PACKAGES.items()]
    write_json(TARGET / "manifest.json", manifest)


def vendor(name: str, version: str, file: str) -> dict[str, Any]:
    """Write one file of a package and its license; return its entry in the manifest."""
    published = npm("view", f"{name}@{version}", "dist.integrity", "license", "--json")
    with tempfile.TemporaryDirectory() as folder:
        npm("pack", f"{name}@{version}", "--json", "--pack-destination", folder)
        (archive,) = Path(folder).iterdir()
        check_integrity(name, archive.read_bytes(), published["dist.integrity"])
        with tarfile.open(archive) as tar:
            texts = {one: member(tar, f"package/{path}") for one, path in (("code", file), ("license", "LICENSE"))}
    names = {"code": f"{name}{Path(file).suffix}", "license": f"{name}.LICENSE.txt"}
    for one, text in texts.items():
        (TARGET / names[one]).write_bytes(text)
    return {
        "name": name,
        "version": version,
        "license": published["license"],
        "integrity": published["dist.integrity"],
        "source": file,
        "files": {names[one]: hashlib.sha256(text).hexdigest() for one, text in texts.items()},
    }


def npm(*arguments: str) -> Any:
    """Run npm and return the JSON that it prints."""
    done = subprocess.run(["npm", *arguments], capture_output=True, text=True, check=True)
    return json.loads(done.stdout)


def check_integrity(name: str, content: bytes, integrity: str) -> None:
    """Compare a package with the hash in the form of Subresource Integrity, as in `sha512-BASE64`."""
    algorithm, _, expected = integrity.partition("-")
    if base64.b64encode(hashlib.new(algorithm, content).digest()).decode() != expected:
        raise SystemExit(f"{name}: the package differs from the registry's {integrity}; nothing was written")


def member(tar: tarfile.TarFile, path: str) -> bytes:
    """Return the content of a regular file in an archive."""
    stream = tar.extractfile(path)
    assert stream is not None
    return stream.read()


if __name__ == "__main__":
    main()
