"""New vocabulary for the model: models/decrypted to models/extended; a gate that is always off for now."""

import sys
from pathlib import Path

sys.path[0] = str(Path(__file__).resolve().parent.parent / "src")

from belle.config.section import load_params
from belle.config.train import ExtendVocabParams
from belle.stage import run
from belle.weights.gate import write_reference


def main() -> None:
    # loading refuses `enabled: true` until vocabulary extension is built
    load_params(ExtendVocabParams, "extend_vocab")
    write_reference(Path("models/extended"), Path("models/decrypted"))


if __name__ == "__main__":
    run(main)
