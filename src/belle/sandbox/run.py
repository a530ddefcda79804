"""Run Python that nobody has read, without network and without the machine's files, within limits.

Linux namespaces (network, processes, mounts, IPC, host name; the user's too unless root runs it) through `unshare`,
an empty root with nothing but Python's standard library and the system's libraries, both read-only, no capability, no
environment. It keeps code away from the machine; code that wants a better score than it deserves can still cheat.
"""

import json
import os
import secrets
import shutil
import subprocess
import sys
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory, TemporaryFile
from typing import IO

from belle.errors import UserError
from belle.sandbox import inside

SYSTEM = ("/usr", "/lib", "/lib64")
NAMESPACES = ("--net", "--pid", "--mount", "--ipc", "--uts", "--fork", "--kill-child")
MEGABYTE = 2**20


@dataclass(frozen=True)
class Limits:
    """What a program may use; processes and threads beside the first it may not start."""

    cpu_seconds: int = 5
    wall_seconds: float = 15.0
    memory: int = 512 * MEGABYTE
    """Bytes of address space."""
    file_size: int = 8 * MEGABYTE
    open_files: int = 64

    def by_name(self) -> dict[str, int]:
        """Return the limits of setrlimit(2)."""
        return {
            "RLIMIT_CPU": self.cpu_seconds,
            "RLIMIT_AS": self.memory,
            "RLIMIT_FSIZE": self.file_size,
            "RLIMIT_NOFILE": self.open_files,
            "RLIMIT_NPROC": 1,
            "RLIMIT_CORE": 0,
        }


DEFAULT_LIMITS = Limits()


def check_sandbox() -> None:
    """Run an empty program.

    Raises:
        UserError: there is no sandbox on this machine.
    """
    run_python([""])


def run_python(sources: list[str], limits: Limits = DEFAULT_LIMITS) -> bool:
    """Run pieces of Python one after the other, in one namespace, and return whether all ran to their end.

    An exception, an exit status other than 0, a limit that was reached: False. `sys.exit()` ends its piece only.

    Raises:
        UserError: there is no sandbox on this machine; nothing was run.
    """
    unshare = shutil.which("unshare")
    if unshare is None:
        raise _refused("the command `unshare` of util-linux is missing")
    token = secrets.token_hex()
    task = json.dumps({"sources": sources, "token": token}).encode()
    with TemporaryDirectory() as root, TemporaryFile() as result, TemporaryFile() as errors:
        with suppress(subprocess.TimeoutExpired):
            subprocess.run(
                _command(unshare, root, limits), input=task, stdout=result, stderr=errors, env={}, cwd="/",
                timeout=limits.wall_seconds, start_new_session=True, check=False,
            )  # fmt: skip
        written = _read(result)
        if not written.startswith(inside.STARTED):
            raise _refused(_read(errors).decode(errors="replace").strip().rpartition("\n")[2] or "it did not start")
    return written == inside.STARTED + token.encode()


def _command(unshare: str, root: str, limits: Limits) -> list[str]:
    is_root = os.geteuid() == 0
    # a virtual environment is a link to the Python that it was made from
    python, prefix = os.path.realpath(sys.executable), os.path.realpath(sys.base_prefix)
    shown = [*SYSTEM, *([] if Path(prefix).is_relative_to("/usr") else [prefix])]
    task = {"root": root, "shown": shown, "is_root": is_root, "python": python, "limits": limits.by_name()}
    user = [] if is_root else ["--user", "--map-root-user"]
    launcher = Path(inside.__file__).read_text(encoding="utf-8")
    return [unshare, *user, *NAMESPACES, python, "-I", "-S", "-B", "-c", launcher, json.dumps(task)]


def _read(stream: IO[bytes]) -> bytes:
    stream.seek(0)
    return stream.read(4096)


def _refused(why: str) -> UserError:
    return UserError(
        f"no sandbox to run code in: {why}; it needs Linux 5.12 and namespaces that this user may create. "
        "Set evaluate.execute_code to false, or score on a machine that has them"
    )
