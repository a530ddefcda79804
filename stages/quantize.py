"""models/CHECKPOINT in, one quantized variant of it (the scheme, the argument) out: models/quantized/SCHEME."""

import sys
from pathlib import Path

sys.path[0] = str(Path(__file__).resolve().parent.parent / "src")

from belle.stage import run_stage, start_stage

start_stage()

from belle.config.base import load_params, read_value
from belle.config.quantize import QuantizeParams
from belle.files import fresh_directory
from belle.gpu_lease import lease_one_gpu
from belle.libraries.block_imports import block_imports
from belle.speed import measure


def main() -> None:
    scheme = sys.argv[1]
    block_imports("torchao", "deepspeed")
    if scheme.startswith("gptq"):
        lease_one_gpu()
    else:
        block_imports("gptqmodel")
    from belle.quantize.quantizers import quantize

    params, checkpoint = load_params(QuantizeParams, "quantize"), Path("models") / read_value("checkpoint", str)
    target = Path("models/quantized") / scheme
    with measure(f"quantize {scheme}", target), fresh_directory(target) as out:
        quantize(scheme, checkpoint, Path("data/tokens/train"), params, out)


if __name__ == "__main__":
    run_stage(main)
