"""Progress of long work: a bar on a terminal, a line every ten seconds elsewhere (logs, CI, queued experiments)."""

import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from tqdm import tqdm

SECONDS_BETWEEN_LINES = 10.0
LINE = "{desc}: {n_fmt}/{total_fmt} {unit}, {elapsed}{postfix}"


class Bar(tqdm):
    """A tqdm bar on standard error that writes whole lines where there is no terminal to redraw."""

    monitor_interval = 0  # no thread of its own

    def __init__(self, *args: Any, **options: Any) -> None:
        options.pop("name", None)  # a label of huggingface_hub's own bars
        self.is_terminal = sys.stderr.isatty()
        if not self.is_terminal:
            # a delay keeps tqdm from writing a first line before anything is done
            options |= {"bar_format": LINE, "mininterval": SECONDS_BETWEEN_LINES, "delay": 1e-9}
        super().__init__(*args, **options)

    def advance(self, count: int = 1, note: str = "") -> None:
        """Add `count` finished units; `note` (a loss, a file name) is shown behind the count."""
        if note:
            self.set_postfix_str(note, refresh=False)
        self.update(count)

    def close(self) -> None:
        """Show the final count."""
        if not self.is_terminal and not self.disable:
            if self.n == 0 or self.n != self.last_print_n:
                self.display()
            # what tqdm does on closing is meant for a terminal
            self.disable = True
            self._decr_instances(self)  # type: ignore[attr-defined]
        super().close()

    def moveto(self, n: int) -> None:
        """Move the cursor to the line of a nested bar; only a terminal has one."""
        if self.is_terminal:
            super().moveto(n)

    @staticmethod
    def status_printer(file: Any) -> Callable[[str], None]:
        """Return what shows a status: redrawn in place on a terminal, on a line of its own elsewhere."""
        if sys.stderr.isatty():
            return tqdm.status_printer(file)
        return lambda status: print(status, file=file, flush=True) if status else None


@contextmanager
def progress(description: str, total: int | None = None, unit: str = "rows") -> Iterator[Bar]:
    """Show progress while the block runs; call `.advance()` on what it yields.

    Args:
        description: what is being done.
        total: how many units there are, None when unknown.
        unit: what is counted; `bytes` are shown with prefixes (M is 10^6).
    """
    unit_shown = unit if not sys.stderr.isatty() else f" {unit}"
    # of several training processes the first one shows it
    silent = os.environ.get("RANK", "0") != "0"
    with Bar(
        desc=description, total=total, unit=unit_shown, unit_scale=unit == "bytes", file=sys.stderr, disable=silent
    ) as bar:
        yield bar
