"""GPUs for one process at a time: queued experiments that run side by side take different ones.

DVC's queue gives all its workers the same environment, so each of them would take the first GPU. A lease is a lock
on `.dvc/tmp/gpu/NODE-N.lock` of the repository that the experiments were started from (a queued one runs in a temporary
copy, and `DVC_ROOT` names the real one; several nodes may share it). The kernel drops it when the process ends, however
it ends.
"""

import os
import platform
import subprocess
import sys
import time
from pathlib import Path

from belle.errors import UserError
from belle.locks import lock
from belle.repository import repository_root

LEASES = Path(".dvc/tmp/gpu")
VISIBLE = "CUDA_VISIBLE_DEVICES"
SECONDS_BETWEEN_TRIES = 1.0


def lease_gpus(count: int) -> list[str]:
    """Take GPUs that no other run of this repository has; wait, with a line that says so, until enough are free.

    Args:
        count: how many.

    Returns:
        Their names for CUDA_VISIBLE_DEVICES, which is to be set before torch uses CUDA: indices, or UUIDs where the
        variable names those. They are this process's until it ends.

    Raises:
        UserError: fewer are visible.
    """
    visible = visible_gpus()
    if count > len(visible):
        named = f" ({VISIBLE}={os.environ[VISIBLE]})" if VISIBLE in os.environ else ""
        raise UserError(
            f"hardware: the profile trains in {count} processes on a GPU each, and {len(visible)} GPUs are "
            f"visible{named}; take another hardware profile, or set num_processes in this one"
        )
    folder = repository_root() / LEASES
    folder.mkdir(parents=True, exist_ok=True)
    node = platform.node()
    locks = {
        gpu: folder / f"{node}-{name}.lock" for gpu, name in zip(visible, map(physical_name, visible), strict=True)
    }
    said = False
    while (taken := _take(folder, locks, count)) is None:
        if not said:
            print(f"waiting for {count} of {len(visible)} GPUs: other runs have them ({folder})", file=sys.stderr)
            said = True
        time.sleep(SECONDS_BETWEEN_TRIES)
    return taken


def lease_one_gpu() -> None:
    """Leave this process one GPU that no other run of this repository has; change nothing where none is visible.

    To be called before a library that looks for GPUs is imported, as `belle.train.processes.set_up_training` is.
    """
    if visible_gpus():
        os.environ[VISIBLE] = ",".join(lease_gpus(1))


def visible_gpus() -> list[str]:
    """Return the GPUs that CUDA_VISIBLE_DEVICES leaves, as it names them, or all by their indices."""
    count = device_count()
    if VISIBLE not in os.environ:
        return [str(index) for index in range(count)]
    # CUDA ignores what follows a name it does not know; so does torch's count
    return [name.strip() for name in os.environ[VISIBLE].split(",")][:count]


def device_count() -> int:
    """Return how many GPUs torch would use; the driver is not started, so the choice can still be narrowed."""
    import torch

    return torch.cuda.device_count()


def physical_name(gpu: str) -> str:
    """Return a GPU's index, if it is named by that, its UUID or the beginning of it; a MIG slice keeps its name."""
    if not gpu.startswith("GPU-"):
        return gpu.replace("/", "-")
    return next((index for index, uuid in _uuids() if uuid.startswith(gpu)), gpu)


def _uuids() -> list[tuple[str, str]]:
    query = ["nvidia-smi", "--query-gpu=index,uuid", "--format=csv,noheader"]
    try:
        lines = subprocess.run(query, capture_output=True, text=True, check=True).stdout.splitlines()
    except (OSError, subprocess.CalledProcessError):
        return []
    pairs = (line.partition(",") for line in lines)
    return [(index.strip(), uuid.strip()) for index, _, uuid in pairs]


def _take(folder: Path, locks: dict[str, Path], count: int) -> list[str] | None:
    """Lock `count` of the GPUs, or none: two runs that wait for each other's last one would wait for ever."""
    handles: dict[str, int] = {}
    # one process looks at a time
    gate = lock(folder, wait=True)
    try:
        for gpu, path in locks.items():
            if len(handles) < count:
                path.touch()
                try:
                    handles[gpu] = lock(path)
                except BlockingIOError:
                    continue
    finally:
        os.close(gate)
    if len(handles) == count:
        return list(handles)
    for handle in handles.values():
        os.close(handle)
    return None
