"""The mini models and their tokenizer: sizes, what transformers makes of them, and the same bytes on every run."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from safetensors.numpy import load_file

from belle.errors import UserError
from belle.files import sha256_of
from belle.mini.data.builtin import questions
from belle.mini.model import LONGEST_TOKEN, train_tokenizer, write_model, write_tokenizer
from belle.tokenizer.load import read_tokenizer

FILES = (
    "config.json",
    "generation_config.json",
    "model.safetensors",
    "special_tokens_map.json",
    "tokenizer.json",
    "tokenizer_config.json",
)


@pytest.fixture(scope="module")
def mini(tmp_path_factory) -> Path:
    target = tmp_path_factory.mktemp("mini")
    write_model(target, "mini")
    return target


def test_a_model_directory_has_the_files_that_transformers_reads(mini):
    assert sorted(path.name for path in mini.iterdir()) == sorted(FILES)


def test_the_weights_have_the_size_and_spread_of_the_mini_model(mini):
    weights = load_file(mini / "model.safetensors")
    assert 1_000_000 <= sum(weight.size for weight in weights.values()) <= 2_000_000
    assert all(weight.shape[-1] % 256 == 0 for weight in weights.values()), "llama.cpp's K-quants"
    assert {str(weight.dtype) for weight in weights.values()} == {"float32"}
    assert weights["model.embed_tokens.weight"].std() == pytest.approx(0.1, rel=0.01)
    assert "lm_head.weight" not in weights


def test_the_tokenizer_has_an_id_for_every_embedding(mini):
    tokenizer = read_tokenizer(mini)
    config = json.loads((mini / "config.json").read_text())
    assert len(tokenizer) == config["vocab_size"]
    assert (tokenizer.eos_token_id, tokenizer.pad_token_id) == (config["eos_token_id"], config["pad_token_id"])
    texts = [row["question"] for row in questions("mini")]
    assert [tokenizer.decode(ids) for ids in tokenizer(texts)["input_ids"]] == texts


@pytest.mark.slow
def test_transformers_finds_every_weight(mini):
    import torch
    from transformers import AutoModelForCausalLM

    model, report = AutoModelForCausalLM.from_pretrained(mini, output_loading_info=True, dtype=torch.float32)
    assert not report["missing_keys"] and not report["unexpected_keys"] and not report["mismatched_keys"]
    assert type(model).__name__ == "LlamaForCausalLM"
    assert model(torch.tensor([[5, 6, 7]])).logits.shape == (1, 3, model.config.vocab_size)


@pytest.mark.slow
@pytest.mark.parametrize(("seed", "threads"), [("1", "1"), ("2", "2")])
def test_bytes_depend_on_neither_hash_seed_nor_threads(tmp_path, seed, threads):
    write = (
        "import sys, pathlib; from belle.mini.model import write_model; write_model(pathlib.Path(sys.argv[1]), 'nano')"
    )
    (tmp_path / "here").mkdir()
    (tmp_path / "there").mkdir()
    write_model(tmp_path / "here", "nano")
    environment = os.environ | {"PYTHONHASHSEED": seed, "RAYON_NUM_THREADS": threads, "PYTHONPATH": "src"}
    subprocess.run([sys.executable, "-c", write, str(tmp_path / "there")], check=True, env=environment)
    for name in FILES:
        assert sha256_of(tmp_path / "here" / name) == sha256_of(tmp_path / "there" / name), name


def test_an_unknown_model_is_refused_with_the_names_there_are(tmp_path):
    with pytest.raises(UserError, match=r"'maxi'.*mini, nano"):
        write_model(tmp_path, "maxi")


def test_making_a_model_imports_no_heavy_library():
    look = "import sys, belle.mini.model; print([m for m in ('torch', 'transformers', 'daft') if m in sys.modules])"
    environment = os.environ | {"PYTHONPATH": "src"}
    run = subprocess.run([sys.executable, "-c", look], capture_output=True, text=True, check=True, env=environment)
    assert run.stdout.strip() == "[]"


LINES = ["小明有一个苹果，小红有两个苹果。", "苹果是红色的。小明：你好！", "What is an apple?", "12 加 34 得 46"] * 5


@pytest.fixture(scope="module")
def directory(tmp_path_factory):
    folder = tmp_path_factory.mktemp("tokenizer")
    write_tokenizer(train_tokenizer(iter(LINES), 300), folder)
    return folder


@pytest.fixture(scope="module")
def tokenizer(directory):
    return read_tokenizer(directory)


def test_transformers_reads_what_was_written(directory, tokenizer):
    names = {"tokenizer.json", "tokenizer_config.json", "special_tokens_map.json"}
    assert {path.name for path in directory.iterdir()} == names
    assert tokenizer.is_fast
    assert len(tokenizer) == 300
    assert (tokenizer.eos_token, tokenizer.pad_token, tokenizer.bos_token) == ("<|endoftext|>", "<|pad|>", None)


@pytest.mark.parametrize("text", ["你好，World! 12345\n\n\t🙂", "  a  b", *LINES[:4]])
def test_text_comes_back_from_its_ids(tokenizer, text):
    assert tokenizer.decode(tokenizer(text)["input_ids"]) == text


def test_every_digit_is_a_token(tokenizer):
    assert tokenizer.tokenize("2023") == list("2023")


def test_words_are_the_same_tokens_after_any_punctuation(tokenizer):
    word = tokenizer.tokenize("小明")
    assert len(word) < len("小明".encode())
    for before in ("，", "。", "“", "：", "\n"):
        assert tokenizer.tokenize(before + "小明")[-len(word) :] == word


def test_no_token_is_longer_than_three_chinese_characters(tokenizer):
    special = set(tokenizer.all_special_tokens)
    # one character of a byte-level token stands for a byte
    assert max(len(token) for token in tokenizer.get_vocab() if token not in special) <= LONGEST_TOKEN
