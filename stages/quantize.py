"""models/SUBJECT in, one quantized variant of it, the argument, out: models/quantized/SCHEME."""

import sys
from pathlib import Path

sys.path[0] = str(Path(__file__).resolve().parent.parent / "src")

from belle.config.chain import read_subject
from belle.files import fresh_directory
from belle.hide import hide
from belle.speed import measure
from belle.stage import run


def main() -> None:
    scheme = sys.argv[1]
    hide("torchao", "deepspeed")
    if not scheme.startswith("gptq"):
        hide("gptqmodel")
    from belle.quantize.quantizers import quantize

    link = Path("models") / read_subject()
    with (
        fresh_directory(Path("models/quantized") / scheme) as out,
        fresh_directory(Path("metrics/quantize") / scheme) as metrics,
        measure(metrics, f"quantize {scheme}"),
    ):
        quantize(scheme, link, out)


if __name__ == "__main__":
    run(main)
