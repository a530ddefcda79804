import json
import subprocess
import sys
from itertools import islice
from pathlib import Path

import pytest

from belle.checkpoints.resolve import read_pointer, write_pointer
from belle.data.tables import TEXT_SCHEMA, write_table
from belle.mini.data.builtin import texts

STAGE = Path(__file__).resolve().parents[2] / "stages" / "extend_vocab.py"


def run_stage() -> dict:
    done = subprocess.run([sys.executable, STAGE], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return json.loads(Path("logs/extend_vocab.json").read_text())


@pytest.mark.slow
def test_the_stage_extends_the_decrypted_model_or_points_to_it(change, tiny_model):
    """Skipped it reads no text, and its directory is the pointer alone."""
    Path("models").mkdir()
    Path("models/base").symlink_to(tiny_model("llama"))
    write_pointer(Path("models/decrypted"), Path("models/base"))
    assert run_stage() == {"new_tokens": 0}
    assert [path.name for path in Path("models/extended").iterdir()] == ["model_ref.json"]
    assert read_pointer(Path("models/extended")) == Path("models/decrypted")

    Path("data/clean").mkdir(parents=True)
    write_table(Path("data/clean/texts.parquet"), islice(texts("corpus", "x"), 800), TEXT_SCHEMA)
    change("params.yaml", {"extend_vocab.enabled": True, "extend_vocab.new_tokens": 1200})
    counts = run_stage()
    assert counts["new_tokens"] == 1200
    assert read_pointer(Path("models/extended")) is None
    assert json.loads(Path("models/extended/config.json").read_text())["vocab_size"] == counts["rows"]
