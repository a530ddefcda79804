"""Speed of encrypting and decrypting one file on one core, beside a plain SHA-256 pass and a plain copy.

Run: .venv/bin/python benchmarks/decrypt.py [MEGABYTES] [FOLDER]
"""

import os
import shutil
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np

from belle.encryption.xor import decrypt_path, encrypt_path
from belle.files import sha256_of

MEGABYTE = 10**6
ROUNDS = 5


def write_random(path: Path, megabytes: int, seed: int) -> Path:
    generator = np.random.default_rng(seed)
    with path.open("wb") as stream:
        for _ in range(megabytes):
            stream.write(generator.bytes(MEGABYTE))
    return path


def measure(work: Callable[[], object], out: Path) -> tuple[float, float]:
    """Medians of wall and processor seconds; before each round `out` is removed and pages written back."""
    rounds = []
    for _ in range(ROUNDS):
        shutil.rmtree(out, ignore_errors=True)
        os.sync()
        wall, processor = time.perf_counter(), time.process_time()
        work()
        rounds.append((time.perf_counter() - wall, time.process_time() - processor))
    return tuple(sorted(column)[ROUNDS // 2] for column in zip(*rounds, strict=True))


def main(megabytes: int = 1000, parent: str | None = None) -> None:
    os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})
    with tempfile.TemporaryDirectory(dir=parent) as name:
        folder = Path(name)
        plain = write_random(folder / "plain.bin", megabytes, 1)
        key = write_random(folder / "key.pth", max(1, megabytes // 2), 2)
        results = {
            "sha256": measure(lambda: sha256_of(plain), folder / "none"),
            "copy": measure(lambda: shutil.copyfile(plain, folder / "copy.bin"), folder / "none"),
            "encrypt": measure(lambda: encrypt_path(plain, key, folder / "encrypted"), folder / "encrypted"),
            "decrypt": measure(lambda: decrypt_path(folder / "encrypted", key, folder / "open"), folder / "open"),
        }
    print(f"{megabytes} MB, one core, median of {ROUNDS}")
    print(f"load average {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores: the wall clock counts on an idle one")
    for what, (wall, processor) in results.items():
        to_hash, to_copy = processor / results["sha256"][1], processor / results["copy"][1]
        speeds = f"wall {megabytes / wall:6.0f} MB/s  processor {megabytes / processor:6.0f} MB/s"
        print(f"{what:8} {speeds}  {to_hash:5.2f} x sha256  {to_copy:5.2f} x copy")


if __name__ == "__main__":
    arguments = sys.argv[1:]
    main(int(arguments[0]) if arguments else 1000, *arguments[1:2])
