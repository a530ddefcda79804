"""models/decrypted and the texts of data/clean in, models/extended out; a pointer when the stage is skipped."""

import sys
from pathlib import Path

sys.path[0] = str(Path(__file__).resolve().parent.parent / "src")

from belle.stage import run_stage, start_stage

start_stage()

from belle.checkpoints.resolve import resolve_checkpoint, write_pointer
from belle.config.base import load_params
from belle.config.extend_vocab import ExtendVocabParams
from belle.data.tables import TEXTS
from belle.files import fresh_directory, write_json
from belle.libraries.block_imports import block_imports

CHECKPOINT, TARGET, COUNTS = Path("models/decrypted"), Path("models/extended"), Path("logs/extend_vocab.json")


def main() -> None:
    params = load_params(ExtendVocabParams, "extend_vocab")
    resolve_checkpoint(CHECKPOINT)
    if not params.enabled:
        write_pointer(TARGET, CHECKPOINT)
        return write_json(COUNTS, {"new_tokens": 0})
    block_imports("gptqmodel", "torchao", "deepspeed", "bitsandbytes")
    from belle.tokenizer.extension.extend import extend_vocabulary

    with fresh_directory(TARGET) as out:
        counts = extend_vocabulary(CHECKPOINT, Path("data/clean") / TEXTS, params, out)
    write_json(COUNTS, counts)


if __name__ == "__main__":
    run_stage(main)
