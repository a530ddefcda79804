import json

import numpy as np
import pytest
import torch
from safetensors.torch import load_file

from belle.config.held_out import HELD_OUT_TEXTS
from belle.config.pretrain import PretrainParams
from belle.data.held_out import held_out_ids
from belle.data.tables import TEXT_SCHEMA, write_table
from belle.errors import UserError
from belle.tokenizer.load import load_tokenizer
from belle.train.pretrain import pretrain, split_text, tokenize_texts
from factories import TRAINING, hardware, text_row

PARAMS = PretrainParams.model_validate(TRAINING | {"enabled": True, "max_length": 128, "save_precision": "base"})
TEXTS = [text_row(f"x-{number}", f"苹果是红色的{number}<|endoftext|>") for number in range(2 * HELD_OUT_TEXTS)]


@pytest.mark.parametrize(
    ("length", "segments"), [(0, []), (3, [[0, 1, 2]]), (4, [[0, 1, 2, 3]]), (6, [[0, 1, 2, 3], [4, 5]])]
)
def test_a_long_text_is_cut_into_segments(length, segments):
    assert [segment.tolist() for segment in split_text(np.arange(length), 4)] == segments


@pytest.fixture
def run_pretrain(tiny_model, tmp_path):
    """Pre-train the tiny model on texts; return the model's directory and the summary."""

    def run(texts: list[dict]):
        write_table(tmp_path / "texts.parquet", texts, TEXT_SCHEMA)
        out, logs, checkpoints = (tmp_path / name for name in ("out", "logs", "checkpoints"))
        for folder in (out, logs, checkpoints):
            folder.mkdir()
        checkpoint = tiny_model("llama")
        tokenize_texts(checkpoint, tmp_path / "texts.parquet", PARAMS, 5, checkpoints)
        pretrain(checkpoint, PARAMS, hardware(), 5, out, logs, checkpoints)
        return out, json.loads((logs / "metrics.json").read_text())

    return run


def test_every_token_of_the_texts_that_are_not_held_out_is_trained_on(run_pretrain, tiny_model, tmp_path):
    _, summary = run_pretrain(TEXTS)
    tokenizer = load_tokenizer(tiny_model("llama"))
    held_out = held_out_ids(tmp_path / "texts.parquet", HELD_OUT_TEXTS)
    training = [row["text"] for row in TEXTS if row["id"] not in held_out]
    # what looks like a special token in a text is plain text, and each text has one real end token
    encoded = [tokenizer(text, add_special_tokens=False, split_special_tokens=True)["input_ids"] for text in training]
    assert not any(tokenizer.eos_token_id in ids for ids in encoded)
    assert summary["tokens_seen"] == sum(len(ids) + 1 for ids in encoded)
    assert summary["eval_loss"] > 0


def test_the_trained_weights_are_saved_with_their_tokenizer(run_pretrain, tiny_model):
    out, _ = run_pretrain(TEXTS)
    before, after = (load_file(folder / "model.safetensors") for folder in (tiny_model("llama"), out))
    assert before.keys() == after.keys()
    assert not torch.equal(before["model.norm.weight"], after["model.norm.weight"])
    assert load_tokenizer(out).chat_template == load_tokenizer(tiny_model("llama")).chat_template


def test_too_few_texts_are_an_error(run_pretrain):
    with pytest.raises(UserError, match=rf"texts\.parquet: {len(TEXTS) - 1} "):
        run_pretrain(TEXTS[1:])
