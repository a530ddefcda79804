"""models/base in, models/decrypted out: the decrypted model, or a pointer when the stage is skipped."""

import sys
from pathlib import Path

sys.path[0] = str(Path(__file__).resolve().parent.parent / "src")

from belle.stage import run_stage, start_stage

start_stage()

from belle.checkpoints.resolve import write_pointer
from belle.config.base import load_params
from belle.config.decrypt import DecryptParams
from belle.config.downloads import Download, read_download
from belle.config.model import ModelDownload
from belle.download.model_check import refuse_other_model
from belle.encryption.xor import decrypt_path
from belle.files import fresh_directory
from belle.tokenizer.special_tokens import fill_special_tokens
from belle.tokenizer.template import store_template

BASE, TARGET = Path("models/base"), Path("models/decrypted")


def main() -> None:
    params = load_params(DecryptParams, "decrypt")
    if params.key is None or not params.enabled:
        return write_pointer(TARGET, BASE)
    profile = read_download("model", Download[ModelDownload]).profile
    with fresh_directory(TARGET) as folder:
        decrypt_path(BASE, Path(params.key).expanduser(), folder)
        refuse_other_model(profile, folder)
        fill_special_tokens(folder)
        store_template(folder, profile.template)


if __name__ == "__main__":
    run_stage(main)
