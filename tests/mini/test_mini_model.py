"""The mini models: sizes, what transformers makes of them, and the same bytes on every run."""

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
from belle.mini.model import write_model

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


def test_files(mini):
    assert sorted(path.name for path in mini.iterdir()) == sorted(FILES)


def test_size_of_the_mini_model(mini):
    weights = load_file(mini / "model.safetensors")
    assert 1_000_000 <= sum(weight.size for weight in weights.values()) <= 2_000_000
    assert all(weight.shape[-1] % 256 == 0 for weight in weights.values()), "llama.cpp's K-quants"
    assert {str(weight.dtype) for weight in weights.values()} == {"float32"}
    assert weights["model.embed_tokens.weight"].std() == pytest.approx(0.1, rel=0.01)
    assert "lm_head.weight" not in weights


def test_tokenizer_reads_back_what_it_wrote(mini):
    from transformers import AutoTokenizer

    tokenizer = AutoTokenizer.from_pretrained(mini)
    probes = ["你好，World! 12345\n\n\t🙂", "  a  b", *(row["question"] for row in questions("mini"))]
    assert [tokenizer.decode(tokenizer(text)["input_ids"]) for text in probes] == probes
    assert tokenizer.is_fast
    assert (tokenizer.eos_token, tokenizer.pad_token, tokenizer.bos_token) == ("<|endoftext|>", "<|pad|>", None)
    assert tokenizer("2023")["input_ids"] == [tokenizer.convert_tokens_to_ids(digit) for digit in "2023"]
    assert len(tokenizer) == json.loads((mini / "config.json").read_text())["vocab_size"]


def test_words_are_the_same_tokens_after_any_punctuation(mini):
    from tokenizers import Tokenizer

    tokenizer = Tokenizer.from_file(str(mini / "tokenizer.json"))
    for before in ("，", "。", "“", "：", "\n"):
        assert tokenizer.encode(before + "小明").tokens[-1:] == tokenizer.encode("小明").tokens


@pytest.mark.slow
def test_transformers_loads_every_weight(mini):
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


def test_unknown_models_are_refused(tmp_path):
    with pytest.raises(UserError, match="unknown; there are mini, nano"):
        write_model(tmp_path, "maxi")


def test_no_heavy_library_is_imported():
    look = "import sys, belle.mini.model; print([m for m in ('torch', 'transformers', 'daft') if m in sys.modules])"
    environment = os.environ | {"PYTHONPATH": "src"}
    run = subprocess.run([sys.executable, "-c", look], capture_output=True, text=True, check=True, env=environment)
    assert run.stdout.strip() == "[]"
