"""GPTQ in a process of its own, as the stage runs it: gptqmodel changes the process that imports it."""

import json
import os
import subprocess
import sys
from pathlib import Path

SOURCE = Path(__file__).resolve().parents[2] / "src"
QUANTIZE = """
import json, sys
from pathlib import Path
from belle.libraries.block_imports import block_imports
block_imports("torchao", "deepspeed")
from belle.config.quantize import GptqParams
from belle.quantize.gptq import quantize_gptq
samples = [[2 + (start * step) % 398 for step in range(1, 30 + start)] for start in range(1, 12)]
for out, bits, group_size, act_order in json.loads(sys.argv[2]):
    Path(out).mkdir()
    params = GptqParams(group_size=group_size, act_order=act_order)
    quantize_gptq(Path(sys.argv[1]), bits, params, samples, Path(out))
"""


def job(out: Path, bits: int, group_size: int = 32, act_order: bool = False) -> list:
    """What `quantize` is to make, and where."""
    return [str(out), bits, group_size, act_order]


def quantize(checkpoint: Path, *jobs: list, **environment: str) -> str:
    """Do the jobs on one checkpoint; return what was printed."""
    command = [sys.executable, "-c", QUANTIZE, str(checkpoint), json.dumps(jobs)]
    environment = os.environ | {"PYTHONPATH": str(SOURCE), "OMP_NUM_THREADS": "1"} | environment
    return subprocess.run(command, env=environment, check=True, capture_output=True, text=True).stdout
