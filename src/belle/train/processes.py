"""The processes of a training: this one, or several that torchrun's launcher starts and watches."""

import os
import signal
import sys
import traceback
from collections.abc import Callable
from pathlib import Path
from typing import Any

from belle.config.hardware import HardwareProfile
from belle.errors import UserError
from belle.files import read_json_object, write_json
from belle.gpu_lease import lease_gpus
from belle.libraries.block_imports import block_imports
from belle.signals import end_with_parent
from belle.speed import measured_here

Train = Callable[[Path, Path, Path], dict[str, int]]
"""Trains into its model directory, its log directory and its checkpoint directory; returns tokens and steps done."""

WORK = "work.json"
"""What the first process did, as it left it in the checkpoint directory."""
ERROR = "error-{}.txt"
"""A process's message for people, by rank."""
CRASH = "crash-{}.txt"
"""Its traceback, when it ended in another way."""

LONGEST_PREPARATION = 24 * 3600
"""Seconds that other nodes wait for the first one, which tokenizes the texts of pre-training before it starts."""

KILLED = tuple(-number for number in signal.Signals if number != signal.SIGTERM)
"""Exit codes of a process that was killed; by SIGTERM the launcher ends those that are left."""


def is_training_process() -> bool:
    """Whether this process is one of several that `train_in_processes` started."""
    return "TORCHELASTIC_RUN_ID" in os.environ


def is_other_node(hardware: HardwareProfile) -> bool:
    """Whether this machine only joins a training that runs on several: another one writes the results."""
    # schedulers set the variable for trainings on one node, too
    return hardware.num_nodes > 1 and int(os.environ.get("NODE_RANK") or 0) > 0


def set_up_training(hardware: HardwareProfile) -> None:
    """Leave this process, and those that it starts, the GPUs of the profile and the libraries that training uses.

    To be called before a library is imported: bitsandbytes looks for GPUs then, and CUDA reads once which there are.
    No other run of this repository has these GPUs.

    Raises:
        UserError: fewer are visible.
    """
    block_imports("gptqmodel", "torchao", *([] if hardware.zero_stage else ["deepspeed"]))
    if hardware.device == "cuda" and not is_training_process():
        os.environ["CUDA_VISIBLE_DEVICES"] = ",".join(lease_gpus(hardware.num_processes))


def train_in_processes(
    train: Train, hardware: HardwareProfile, script: str, out: Path, logs: Path, checkpoints: Path
) -> dict[str, Any]:
    """Train in this process, or in those of the profile: each runs `script` with the three directories as arguments.

    Args:
        train: what a process does.
        hardware: how many processes, on what.
        script: the stage script, which calls `run_training_process` when `is_training_process`.
        out: existing directory of the model.
        logs: existing directory of the logs.
        checkpoints: existing directory of the checkpoints.

    Returns:
        What `train` returned in the first process; from another process `measured` too, its peak memory and device.

    Raises:
        UserError: what a process raised, or that one was killed.
    """
    if hardware.world_size == 1 and not hardware.zero_stage:
        return train(out, logs, checkpoints)
    for leftover in (*checkpoints.glob(ERROR.format("*")), *checkpoints.glob(CRASH.format("*"))):
        leftover.unlink()
    start_processes(hardware, script, out, logs, checkpoints)
    return read_json_object(checkpoints / WORK, "run the command again")


def run_training_process(train: Train) -> None:
    """Do one process's part of a training; the script's three arguments are its directories."""
    # its parent is the launcher, which handles signals and is the only one that prints
    end_with_parent()
    out, logs, checkpoints = map(Path, sys.argv[1:])
    rank = os.environ["RANK"]
    try:
        work = train(out, logs, checkpoints)
    except Exception as error:
        name, text = (ERROR, str(error)) if isinstance(error, UserError) else (CRASH, traceback.format_exc())
        (checkpoints / name.format(rank)).write_text(text, encoding="utf-8")
        os._exit(1)
    if rank == "0":
        write_json(checkpoints / WORK, work | {"measured": measured_here()})


def start_processes(hardware: HardwareProfile, script: str, out: Path, logs: Path, checkpoints: Path) -> None:
    """Start this node's processes of a training and wait for them (see `train_in_processes`)."""
    import logging

    from torch.distributed import DistError
    from torch.distributed.elastic.multiprocessing.errors import ChildFailedError
    from torch.distributed.elastic.rendezvous.api import RendezvousError
    from torch.distributed.launcher.api import LaunchConfig, elastic_launch

    # it would print a report of some fifty lines about a process that has said in one line what is wrong
    logging.getLogger("torch.distributed.elastic").setLevel(logging.CRITICAL)
    os.environ |= _environment(hardware)
    config = LaunchConfig(
        min_nodes=hardware.num_nodes,
        max_nodes=hardware.num_nodes,
        nproc_per_node=hardware.num_processes,
        max_restarts=0,
        monitor_interval=0.2,
        # this process answers those that people send
        signals_to_handle="SIGHUP",
        **_rendezvous(hardware),
    )
    try:
        elastic_launch(config, sys.executable)(script, *map(str, (out, logs, checkpoints)))
    except ChildFailedError as failed:
        raise UserError(_reason(checkpoints, failed)) from failed
    except (RendezvousError, DistError) as error:
        reason = " ".join(str(error).split())
        raise UserError(
            f"the {hardware.num_nodes} nodes of the hardware profile did not find each other: {reason}; see that all "
            "use one free MASTER_PORT of node 0, and that each has a NODE_RANK of its own"
        ) from error


def _rendezvous(hardware: HardwareProfile) -> dict[str, Any]:
    """Return how the processes find each other: nodes by torchrun's own variables, processes of one by a free port."""
    if hardware.num_nodes == 1:
        return {"run_id": "belle", "rdzv_backend": "c10d", "rdzv_endpoint": "localhost:0", "local_addr": "localhost"}
    if missing := [name for name in ("MASTER_ADDR", "MASTER_PORT", "NODE_RANK") if not os.environ.get(name)]:
        raise UserError(
            f"hardware: the profile has {hardware.num_nodes} nodes: set {', '.join(missing)} on each of them, as "
            "docs/training.md shows"
        )
    endpoint = f"{os.environ['MASTER_ADDR']}:{os.environ['MASTER_PORT']}"
    rank = int(os.environ["NODE_RANK"])
    print(f"node {rank} of {hardware.num_nodes} waits for the others at {endpoint}", file=sys.stderr)
    settings = {"rank": rank, "timeout": LONGEST_PREPARATION}
    return {"run_id": "belle", "rdzv_backend": "static", "rdzv_endpoint": endpoint, "rdzv_configs": settings}


def _environment(hardware: HardwareProfile) -> dict[str, str]:
    """Return what the processes need in their environment."""
    if hardware.device == "cuda":
        return {}
    threads = max(1, len(os.sched_getaffinity(0)) // hardware.num_processes)
    return {
        "OMP_NUM_THREADS": os.environ.get("OMP_NUM_THREADS", str(threads)),
        # DeepSpeed takes the first accelerator it finds
        "DS_ACCELERATOR": "cpu",
        "CUDA_VISIBLE_DEVICES": "",
    }


def _reason(checkpoints: Path, failed: Any) -> str:
    """Return which process was killed, else what they said, once when several said the same, else how one ended."""
    failures = sorted(failed.failures.items(), key=lambda one: (one[1].exitcode not in KILLED, one[1].timestamp))
    rank, code = failures[0][0], failures[0][1].exitcode
    said = [path.read_text(encoding="utf-8") for path in sorted(checkpoints.glob(ERROR.format("*")))]
    # when one was killed the others say, in many ways, that it has gone
    if said and code not in KILLED:
        return "\n".join(dict.fromkeys(said))
    crash = checkpoints / CRASH.format(rank)
    if crash.exists():
        print(crash.read_text(encoding="utf-8"), file=sys.stderr)
    how = f"was killed by {signal.Signals(-code).name}" if code < 0 else f"ended with exit code {code}"
    return f"training process {rank} {how}; run the same command again to go on from the last checkpoint"
