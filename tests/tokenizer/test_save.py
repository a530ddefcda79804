"""Saved tokenizers: what transformers 4 needs is there, and nothing of the machine that saved them."""

import json
from typing import Any

import pytest

from belle.tokenizer.load import read_tokenizer
from belle.tokenizer.save import save_tokenizer
from belle.tokenizer.template import TEMPLATES
from factories import conversation

TEXTS = ["你好，世界！", "What is 12 + 34?", "def f(x):\n    return x  # 平方\n", "<|im_start|>print(", "  a  b ", ""]


@pytest.fixture
def saved(tokenizer_of, tmp_path):
    """A tokenizer with added tokens, and the folder it was saved in."""
    tokenizer = tokenizer_of("belle")
    tokenizer.add_special_tokens({"extra_special_tokens": ["<|im_start|>"]})
    tokenizer.add_tokens(["print("])
    save_tokenizer(tokenizer, tmp_path)
    return tokenizer, tmp_path


def read(folder, name: str) -> dict[str, Any]:
    return json.loads((folder / name).read_text(encoding="utf-8"))


def test_the_configuration_says_what_every_version_reads(saved):
    _, folder = saved
    assert read(folder, "tokenizer_config.json") == {
        "additional_special_tokens": ["<|im_start|>"],
        "chat_template": TEMPLATES["belle"],
        "clean_up_tokenization_spaces": False,
        "eos_token": "<|endoftext|>",
        "model_max_length": 1000000000000000019884624838656,
        "pad_token": "<|pad|>",
        "tokenizer_class": "PreTrainedTokenizerFast",
    }
    assert sorted(path.name for path in folder.iterdir()) == ["tokenizer.json", "tokenizer_config.json"]


def test_the_merges_are_strings(saved):
    merges = read(saved[1], "tokenizer.json")["model"]["merges"]
    assert len(merges) > 100
    assert {(type(merge), merge.count(" ")) for merge in merges} == {(str, 1)}


def test_the_ids_the_text_and_the_template_stay_the_same(saved):
    tokenizer, folder = saved
    again = read_tokenizer(folder)
    ids = tokenizer(TEXTS)["input_ids"]
    assert again(TEXTS)["input_ids"] == ids
    assert [again.decode(one, skip_special_tokens=True) for one in ids] == [
        tokenizer.decode(one, skip_special_tokens=True) for one in ids
    ]
    assert again.all_special_ids == tokenizer.all_special_ids
    messages = conversation("你好", "再见")
    assert again.apply_chat_template(messages) == tokenizer.apply_chat_template(messages)


def test_saving_what_was_saved_gives_the_same_bytes(saved, tmp_path):
    _, folder = saved
    save_tokenizer(read_tokenizer(folder), tmp_path / "again")
    for name in ("tokenizer.json", "tokenizer_config.json"):
        assert (tmp_path / "again" / name).read_bytes() == (folder / name).read_bytes()


def test_a_tokenizer_without_tokenizer_json_keeps_its_class(tmp_path):
    from transformers import ByT5Tokenizer

    save_tokenizer(ByT5Tokenizer(), tmp_path)
    assert not (tmp_path / "tokenizer.json").exists()
    assert read(tmp_path, "tokenizer_config.json")["tokenizer_class"] == "ByT5Tokenizer"
