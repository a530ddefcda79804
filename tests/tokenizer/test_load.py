import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from sentencepiece import SentencePieceProcessor

from belle.checkpoints.resolve import write_pointer
from belle.errors import UserError
from belle.tokenizer.load import load_tokenizer, read_tokenizer
from belle.tokenizer.plain_text import ids_of
from belle.tokenizer.save import save_tokenizer
from factories import write_sentencepiece_model

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


def test_a_sentencepiece_model_alone_is_read_in_the_order_of_its_scores(tmp_path):
    """The pieces of spaces have the first ids and the lowest score, as LLaMA's."""
    lines = ["def add(a,  b):    return a + b", "you  and    me,   here", "你好，  世界"] * 20
    write_sentencepiece_model(tmp_path, lines, 320)
    (tmp_path / "tokenizer_config.json").write_text(json.dumps({"tokenizer_class": "LlamaTokenizer"}))
    processor, tokenizer = (
        SentencePieceProcessor(model_file=str(tmp_path / "tokenizer.model")),
        read_tokenizer(tmp_path),
    )
    assert ids_of(tokenizer, lines) == processor.encode(lines)
