import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from belle.data.packed_dataset import PackedDataset, PackedDatasetWriter, PackedSequence
from belle.data.preview import BORDER, IN_LOSS, PROMPT, render_sequence, show_sequences
from belle.errors import UserError
from belle.tokenizer.encode import ChatEncoder
from belle.tokenizer.save import save_tokenizer
from factories import conversation

SOURCE = Path(__file__).resolve().parents[2] / "src"


@pytest.fixture
def tokens(tokenizer_of, tmp_path: Path) -> Path:
    """data/tokens with one packed sequence of two equal conversations."""
    tokenizer = tokenizer_of("belle")
    encoded = ChatEncoder(tokenizer).encode(conversation("你好", "再见"))
    folder = tmp_path / "data" / "tokens"
    (folder / "train").mkdir(parents=True)
    save_tokenizer(tokenizer, folder / "tokenizer")
    with PackedDatasetWriter(folder / "train", 256, 0) as writer:
        writer.add(encoded.ids, encoded.loss_mask, 0)
        writer.add(encoded.ids, encoded.loss_mask, 0)
    return folder


def test_each_run_of_tokens_in_or_out_of_the_loss_has_its_style(tokens, tokenizer_of):
    text = render_sequence(PackedDataset(tokens / "train")[0], tokenizer_of("belle"))
    pieces = [(text.plain[span.start : span.end], span.style) for span in text.spans]
    segment = [("Human: \n你好\n\nAssistant: \n", PROMPT), ("再见<|endoftext|>", IN_LOSS), (" │\n", BORDER)]
    assert pieces == segment * 2


def test_a_segment_may_begin_in_the_loss(tokenizer_of):
    tokenizer = tokenizer_of("belle")
    ids = np.array(tokenizer("ab")["input_ids"], dtype=np.int32)
    loss_mask = np.repeat([True, False], len(ids))
    sequence = PackedSequence(np.tile(ids, 2), loss_mask, np.array([2 * len(ids)]), np.zeros(1, np.int64))
    assert [span.style for span in render_sequence(sequence, tokenizer).spans] == [IN_LOSS, PROMPT, BORDER]


def test_missing_tokens_are_an_error(tmp_path):
    with pytest.raises(UserError, match=r"test: .*dvc repro tokenize.*train or eval"):
        show_sequences(tmp_path, "test", 1)


@pytest.mark.slow
def test_the_command_prints_sequences_and_nothing_else(tokens):
    # COLUMNS: rich cuts lines at the terminal's width
    environment = os.environ | {"PYTHONPATH": str(SOURCE), "COLUMNS": "200"}
    command = [sys.executable, "-m", "belle.cli", "preview", "--count", "5"]
    done = subprocess.run(
        command, cwd=tokens.parent.parent, env=environment, capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stderr) == (0, "")
    lines = done.stdout.splitlines()
    assert "sequence 0: " in lines[0]
    assert "2 segments" in lines[0]
    assert lines[1:] == ["Human: ", "你好", "", "Assistant: ", "再见<|endoftext|> │"] * 2 + [""]
