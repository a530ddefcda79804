"""Ctrl-C and SIGTERM end a program at once: one line, exit code 130 or 143, nothing half-written."""

import ctypes
import os
import signal
import sys
from functools import partial
from types import FrameType

from belle.files import discard_unfinished

WORDS = {signal.SIGINT: "interrupted", signal.SIGTERM: "terminated"}
STANDARD_ERROR = 2
PR_SET_PDEATHSIG = 1
"""From linux/prctl.h."""


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


def end_with_parent() -> None:
    """Have this process terminated when the one that started it dies (Linux; elsewhere nothing happens)."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)


def _end(advice: str, number: int, _: FrameType | None) -> None:
    discard_unfinished()
    # a progress bar has left the cursor in its line
    start = "\n" if os.isatty(STANDARD_ERROR) else ""
    line = f"{start}error: {WORDS[signal.Signals(number)]}; nothing half-written was kept{advice}\n"
    os.write(STANDARD_ERROR, line.encode())
    os._exit(128 + number)
