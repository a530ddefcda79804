"""Time and memory of a stage: kept in files of their own, because they change from run to run."""

import resource
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from belle.environment import accelerator
from belle.files import write_json

RATE_DIGITS = 1


class Speed:
    """Units of work processed while a `measure` block ran; set them with `count`."""

    def __init__(self) -> None:
        self.counts: dict[str, int] = {}

    def count(self, unit: str, number: int) -> None:
        """Record the number of units processed (`tokens`, `answers`); reported as a total and per second."""
        self.counts[unit] = number

    def count_all(self, numbers: dict[str, int]) -> None:
        """Record several counts, by unit."""
        self.counts |= numbers


@contextmanager
def measure(directory: Path, name: str) -> Iterator[Speed]:
    """Measure the block and write `speed.json` into `directory` if it succeeds.

    `speed.json` is {"speed": {name: {seconds, UNIT, UNIT_per_second, peak_memory_mb (10^6 bytes), device}}}; peak
    memory is that of the process, on an accelerator the memory allocated there. The common root keeps these columns
    of `dvc exp show` together and apart from results.
    """
    speed, start = Speed(), time.perf_counter()
    yield speed
    seconds = time.perf_counter() - start
    rates = {f"{unit}_per_second": round(number / seconds, RATE_DIGITS) for unit, number in speed.counts.items()}
    measured = {
        "seconds": round(seconds, 1),
        **speed.counts,
        **rates,
        "peak_memory_mb": _peak_memory_mb(),
        "device": (accelerator() if _used_cuda() else None) or "cpu",
    }
    directory.mkdir(parents=True, exist_ok=True)
    write_json(directory / "speed.json", {"speed": {name: measured}})


def _used_cuda() -> bool:
    """Whether this process computed on a GPU, rather than on a machine that has one."""
    torch = sys.modules.get("torch")
    return torch is not None and torch.cuda.is_available() and torch.cuda.max_memory_allocated() > 0


def _peak_memory_mb() -> int:
    if _used_cuda():
        return round(sys.modules["torch"].cuda.max_memory_allocated() / 1e6)
    # Linux reports kilobytes of 1024 bytes
    return round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024 / 1e6)
