"""Ctrl-C and SIGTERM end a program at once: one line, exit code 130 or 143, nothing half-written."""

import os
import select
import signal
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from types import FrameType

from belle.files import discard_unfinished

WORDS = {signal.SIGINT: "interrupted", signal.SIGTERM: "terminated"}
STANDARD_ERROR = 2
SHELLS = ("sh", "dash", "bash", "zsh", "ksh", "fish")
_kept: list[Callable[[], str]] = []


def end_on_signals(advice: str = "") -> None:
    """Have Ctrl-C and SIGTERM end this process from now on, whatever library is at work.

    The line is not an exception: raised while a C++ library is imported it aborts the process, and Daft answers it
    with half a result.

    Args:
        advice: what to do then; ends the line.
    """
    for number in WORDS:
        # a shell has its background jobs ignore Ctrl-C, and that is to stay
        if signal.getsignal(number) is not signal.SIG_IGN:
            signal.signal(number, partial(_end, advice))


@contextmanager
def kept_when_interrupted(words: Callable[[], str]) -> Iterator[None]:
    """Have the line also say what an interrupt does not lose, while the block runs.

    Args:
        words: says it; called when the interrupt comes, so it may look at nothing that is being changed.
    """
    _kept.append(words)
    try:
        yield
    finally:
        _kept.pop()


def end_with_parent() -> None:
    """Have this process terminated when the one that started it dies (Linux; elsewhere nothing happens).

    A shell in between, as dvc has one, is not the one that started it: some shells stay and outlive their parent.
    """
    if sys.platform == "linux":
        parent = os.getppid()
        # "PID (NAME) STATE PARENT ..."
        if _proc(parent, "comm") in SHELLS and (fields := _proc(parent, "stat").rpartition(")")[2].split()):
            parent = int(fields[1])
        threading.Thread(target=_end_with, args=[parent], daemon=True).start()


def _end_with(process: int) -> None:
    try:
        handle = os.pidfd_open(process)
        select.select([handle], [], [])
    except ProcessLookupError:
        pass  # it has gone already
    os.kill(os.getpid(), signal.SIGTERM)


def _proc(process: int, name: str) -> str:
    """Return a file of proc(5), empty when the process has gone."""
    try:
        return Path(f"/proc/{process}/{name}").read_text(encoding="utf-8").strip()
    except OSError:
        return ""


def _end(advice: str, number: int, _: FrameType | None) -> None:
    discard_unfinished()
    # a progress bar has left the cursor in its line
    start = "\n" if os.isatty(STANDARD_ERROR) else ""
    kept = "".join(f"{words()}; " for words in _kept)
    line = f"{start}error: {WORDS[signal.Signals(number)]}; {kept}nothing half-written was kept{advice}\n"
    os.write(STANDARD_ERROR, line.encode())
    os._exit(128 + number)
