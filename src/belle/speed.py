"""Time and memory of a stage. They belong to one run of it, so they are no output: two runs give the same outputs.

A stage keeps its measurement under `.dvc/tmp`, beside the digest of the result that was measured; `record` copies it
into the file that Git tracks, and leaves that entry alone for as long as the result stays the same.
"""

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from belle.environment import accelerator
from belle.files import read_json_object, sha256_of, write_json

MEASURED = Path(".dvc/tmp/speed")
RATE_DIGITS = 1


class Speed:
    """Units of work processed while a `measure` block ran; set them with `count`.

    Attributes:
        counts: number of units by name.
        environment: versions and processor, where a stage wants them recorded.
        seconds_before: what a run that was killed had done of this one's work.
        measured_elsewhere: `measured_here` of another process that did the work.
    """

    def __init__(self) -> None:
        self.counts: dict[str, int] = {}
        self.environment: dict[str, str] = {}
        self.seconds_before = 0.0
        self.measured_elsewhere: dict[str, Any] = {}

    def count(self, unit: str, number: int) -> None:
        """Record the number of units processed (`tokens`, `answers`); reported as a total and per second."""
        self.counts[unit] = number

    def count_all(self, numbers: dict[str, int]) -> None:
        """Record several counts, by unit."""
        self.counts |= numbers


@contextmanager
def measure(name: str, result: Path) -> Iterator[Speed]:
    """Measure the block, which writes `result`, and keep what was measured if it succeeds.

    Kept are seconds, UNIT, UNIT_per_second, peak_memory_mb (10^6 bytes), device, and environment if there is one. Peak
    memory is that of the process, on an accelerator the memory allocated there.

    Args:
        name: of the measurement, as in `quantize gptq-int4`.
        result: a file or directory that tells this result from any other.
    """
    speed, start = Speed(), time.perf_counter()
    yield speed
    seconds = time.perf_counter() - start + speed.seconds_before
    rates = {f"{unit}_per_second": round(number / seconds, RATE_DIGITS) for unit, number in speed.counts.items()}
    measured: dict[str, Any] = {
        "seconds": round(seconds, 1),
        **speed.counts,
        **rates,
        **(speed.measured_elsewhere or measured_here()),
    }
    if speed.environment:
        measured["environment"] = speed.environment
    write_json(_kept(name, sha256_of(result)), measured)


def measured_here() -> dict[str, Any]:
    """Return peak memory and device of this process."""
    return {"peak_memory_mb": _peak_memory_mb(), "device": (accelerator() if _used_cuda() else None) or "cpu"}


def record(path: Path, results: dict[str, str]) -> dict[str, dict[str, Any]]:
    """Write the measurements of these results into `path`; return them, by name.

    An entry is {result, seconds, ...}. One that is there already for the same result stays; the seconds of a result
    that was measured neither then nor on this machine are null.

    Args:
        path: a JSON file.
        results: SHA-256 of the present results, by the name of their measurement.

    Raises:
        UserError: `path` is no JSON object.
    """
    repair = "remove it, or take it from Git: git checkout FILE"
    before = read_json_object(path, repair) if path.exists() else {}
    found = {name: _recorded(before.get(name), result) or _measured(name, result) for name, result in results.items()}
    write_json(path, found)
    return found


def _recorded(entry: Any, result: str) -> dict[str, Any] | None:
    is_of_result = isinstance(entry, dict) and entry.get("result") == result and entry.get("seconds") is not None
    return entry if is_of_result else None


def _measured(name: str, result: str) -> dict[str, Any]:
    kept = _kept(name, result)
    return {"result": result} | (read_json_object(kept, "remove it") if kept.exists() else {"seconds": None})


def _kept(name: str, result: str) -> Path:
    return MEASURED / f"{name.replace(' ', '-')}-{result}.json"


def _used_cuda() -> bool:
    """Whether this process computed on a GPU, rather than on a machine that has one."""
    torch = sys.modules.get("torch")
    return torch is not None and torch.cuda.is_available() and torch.cuda.max_memory_allocated() > 0


def _peak_memory_mb() -> int:
    if _used_cuda():
        return round(sys.modules["torch"].cuda.max_memory_allocated() / 1e6)
    return round(peak_resident_memory() / 1e6)


def peak_resident_memory() -> int:
    """Return the most main memory that this process has held, in bytes.

    `ru_maxrss` would begin with that of the process that started it.
    """
    status = Path("/proc/self/status").read_text(encoding="ascii", errors="replace")
    return int(status.split("VmHWM:")[1].split()[0]) * 1024
