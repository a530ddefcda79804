"""Which process asks for a request: a locked file below the store shows the others that it still runs."""

import os
import uuid
from pathlib import Path

from belle.locks import lock


class Owner:
    """This process, as the other processes that use the store see it."""

    def __init__(self, folder: Path) -> None:
        """Put a locked file into a folder; the kernel drops the lock when the process ends."""
        self._folder = folder / "owners"
        self._folder.mkdir(parents=True, exist_ok=True)
        self.name = uuid.uuid4().hex
        self._path(self.name).touch()
        self._handle = lock(self._path(self.name))

    def close(self) -> None:
        """Give up all that this process asks for."""
        os.close(self._handle)
        self._path(self.name).unlink(missing_ok=True)

    def is_another(self, name: str | None) -> bool:
        """Return whether a name is that of another process, and that process still runs."""
        return name is not None and name != self.name and self._lives(name)

    def _lives(self, name: str) -> bool:
        try:
            os.close(lock(self._path(name)))
        except BlockingIOError:
            return True
        except FileNotFoundError:
            return False
        self._path(name).unlink(missing_ok=True)
        return False

    def _path(self, name: str) -> Path:
        return self._folder / name
