"""Where Daft runs: in this process, or on a Ray cluster."""

import os
from pathlib import Path
from typing import Any

from belle.errors import UserError
from belle.libraries.daft_setup import daft

LOCAL = "local"
SOURCE = Path(__file__).resolve().parents[2]


def start_engine(engine: str) -> None:
    """Have Daft run where `clean.engine` says, for the rest of this process.

    Ray's nodes run the code of this checkout and read its data, so it lies on a file system that all of them see.

    Raises:
        UserError: Ray is not installed, or no cluster answers.
    """
    if engine == LOCAL:
        return
    try:
        import ray
    except ImportError:
        raise UserError(f"clean.engine: {engine} needs Ray: pip install 'belle-dvc[ray]'") from None
    try:
        ray.init(engine, runtime_env=_environment(), log_to_driver=False, logging_level="ERROR")
    except (ConnectionError, RuntimeError, TimeoutError) as error:
        raise UserError(f"clean.engine: {engine}: no Ray cluster answers: {str(error).splitlines()[0]}") from None
    daft.set_runner_ray(noop_if_initialized=True)


def _environment() -> dict[str, Any]:
    path = os.pathsep.join(filter(None, [str(SOURCE), os.environ.get("PYTHONPATH")]))
    return {"env_vars": {"PYTHONPATH": path}}
