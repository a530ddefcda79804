"""models/decrypted in, models/extended out: a pointer, since vocabulary extension is not built yet."""

import sys
from pathlib import Path

sys.path[0] = str(Path(__file__).resolve().parent.parent / "src")

from belle.stage import run_stage, start_stage

start_stage()

from belle.checkpoints.resolve import resolve_checkpoint, write_pointer
from belle.config.base import load_params
from belle.config.extend_vocab import ExtendVocabParams

CHECKPOINT, TARGET = Path("models/decrypted"), Path("models/extended")


def main() -> None:
    # loading refuses `enabled: true` until vocabulary extension is built
    load_params(ExtendVocabParams, "extend_vocab")
    resolve_checkpoint(CHECKPOINT)
    write_pointer(TARGET, CHECKPOINT)


if __name__ == "__main__":
    run_stage(main)
