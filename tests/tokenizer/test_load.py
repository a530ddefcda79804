import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from belle.checkpoints.resolve import write_pointer
from belle.errors import UserError
from belle.tokenizer.load import load_tokenizer, read_tokenizer
from belle.tokenizer.save import save_tokenizer

SOURCE = Path(__file__).resolve().parents[2] / "src"
LOAD = """
import json, sys
from pathlib import Path
from belle.libraries.block_imports import block_imports
block_imports("torch")
from belle.tokenizer.load import read_tokenizer
read_tokenizer(Path("tokenizer"))
heavy = {"torch", "datasets", "peft", "accelerate"}
print(json.dumps(sorted(heavy & {name.split(".")[0] for name, module in sys.modules.items() if module})))
"""


def test_the_tokenizer_of_a_pointer_is_that_of_the_checkpoint_it_names(tiny_model, tmp_path):
    write_pointer(tmp_path / "skipped", tiny_model("llama"))
    tokenizer = load_tokenizer(tmp_path / "skipped")
    assert len(tokenizer) == len(read_tokenizer(tiny_model("llama")))
    assert "Human: " in tokenizer.chat_template


@pytest.mark.parametrize("content", [None, "{", "{}"])
def test_a_tokenizer_that_cannot_be_read_is_named(tmp_path, content):
    if content is not None:
        (tmp_path / "tokenizer.json").write_text(content)
    with pytest.raises(UserError, match=f"^{tmp_path}: cannot load this tokenizer: ") as error:
        read_tokenizer(tmp_path)
    assert "\n" not in str(error.value)


@pytest.mark.slow
def test_no_torch_is_imported_and_no_advice_printed(tokenizer_of, tmp_path):
    save_tokenizer(tokenizer_of("belle"), tmp_path / "tokenizer")
    environment = os.environ | {"PYTHONPATH": str(SOURCE)}
    command = [sys.executable, "-c", LOAD]
    done = subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    assert json.loads(done.stdout) == []
