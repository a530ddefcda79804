"""Progress for long work: a bar on a terminal, a line every few seconds elsewhere (logs, CI, queued runs)."""

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from types import TracebackType
from typing import Self

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

SECONDS_BETWEEN_LINES = 10.0


class Bar:
    """Counts work done; use through `progress`.

    Args:
        description: what is being done.
        total: how many units there are, None when unknown.
        unit: what is counted, for the plain lines.
    """

    def __init__(self, description: str, total: int | None, unit: str) -> None:
        self.description, self.total, self.unit = description, total, unit
        self.done = 0
        self._start = self._last_line = time.monotonic()
        console = Console(stderr=True)
        self._rich: Progress | None = None
        if console.is_terminal:
            columns = (
                TextColumn("{task.description}"),
                BarColumn(),
                MofNCompleteColumn(),
                TimeRemainingColumn(),
            )
            self._rich = Progress(*columns, TextColumn("{task.fields[note]}"), console=console)
            self._task = self._rich.add_task(description, total=total, note="")

    def __enter__(self) -> Self:
        if self._rich:
            self._rich.start()
        return self

    def __exit__(self, kind: type | None, error: BaseException | None, trace: TracebackType | None) -> None:
        if self._rich:
            self._rich.stop()
        elif error is None:
            self._line("")

    def advance(self, count: int = 1, note: str = "") -> None:
        """Add `count` finished units; `note` (a loss, a speed) is shown behind the count."""
        self.done += count
        if self._rich:
            self._rich.update(self._task, advance=count, note=note)
        elif time.monotonic() - self._last_line >= SECONDS_BETWEEN_LINES:
            self._last_line = time.monotonic()
            self._line(note)

    def _line(self, note: str) -> None:
        of = f"/{self.total}" if self.total is not None else ""
        seconds = time.monotonic() - self._start
        line = f"{self.description}: {self.done}{of} {self.unit}, {seconds:.0f} s  {note}"
        print(line.rstrip(), file=sys.stderr, flush=True)


@contextmanager
def progress(description: str, total: int | None = None, unit: str = "rows") -> Iterator[Bar]:
    """Show progress while the block runs; call `.advance()` on what it gives."""
    with Bar(description, total, unit) as bar:
        yield bar
