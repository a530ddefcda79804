"""models/base in, models/decrypted out: the decrypted model, or a reference when the gate is off."""

import sys
from pathlib import Path

sys.path[0] = str(Path(__file__).resolve().parent.parent / "src")

from belle.config.decrypt import DecryptParams
from belle.config.model import ModelParams, ModelProfile
from belle.config.section import load_params, load_profile
from belle.stage import run
from belle.weights.decrypted import write_decrypted


def main() -> None:
    params = load_params(DecryptParams, "decrypt")
    profile = load_profile(ModelProfile, "model", load_params(ModelParams, "model").profile)
    write_decrypted(Path("models/base"), Path("models/decrypted"), params, profile)


if __name__ == "__main__":
    run(main)
