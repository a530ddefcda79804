"""A digest of everything that decides a result, to tell the work on one from the work on any other."""

import hashlib
import json
import sys
from collections.abc import Iterable
from importlib.metadata import version
from pathlib import Path
from typing import Any

from belle.files import sha256_of

SOURCE = Path(__file__).resolve().parent


def fingerprint(settings: dict[str, Any], inputs: Iterable[Path], libraries: Iterable[str]) -> str:
    """Return a digest of settings, input files, the code loaded so far and the versions of libraries: 32 digits.

    Args:
        settings: every parameter and profile that the result depends on, as JSON values.
        inputs: files and directories that are read.
        libraries: names of the packages that compute.
    """
    ours = [module for name, module in sys.modules.items() if name.startswith("belle.")]
    code = sorted(Path(module.__file__) for module in ours if module.__file__)
    parts = {
        "settings": settings,
        "inputs": {path.as_posix(): sha256_of(path) for path in inputs},
        "code": {path.relative_to(SOURCE).as_posix(): sha256_of(path) for path in code},
        "libraries": {name: version(name) for name in libraries},
    }
    return hashlib.sha256(json.dumps(parts, sort_keys=True).encode()).hexdigest()[:32]
