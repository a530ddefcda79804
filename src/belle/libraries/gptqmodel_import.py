"""gptqmodel imported and used quietly: it prints a banner, tables and redrawn bars to standard output."""

import logging
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager, redirect_stdout
from pathlib import Path
from types import ModuleType

# with fewer workers than its model loader asks for, gptqmodel fails on machines with one or two processors
os.environ.setdefault("GPTQMODEL_CPU_WORKERS", str(max(2, (os.cpu_count() or 1) // 2)))


@contextmanager
def quiet() -> Iterator[None]:
    """Drop what is printed to standard output; errors are raised, and progress is on standard error."""
    with Path(os.devnull).open("w", encoding="utf-8") as nowhere, redirect_stdout(nowhere):
        yield


def import_gptqmodel() -> ModuleType:
    """Import gptqmodel (seconds) without its banner."""
    for chatty in ("tokenicer", "accelerate"):
        logging.getLogger(chatty).setLevel(logging.ERROR)
    with quiet():
        import gptqmodel
    return sys.modules[gptqmodel.__name__]
