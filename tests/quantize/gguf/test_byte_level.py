import json

import pytest
from gguf import GGUFWriter
from tokenizers import normalizers, pre_tokenizers

from belle.errors import UserError
from belle.quantize.gguf.byte_level import GPT2_PATTERN, add_byte_level, pre_tokenizer_name
from belle.tokenizer.patterns import BLOOM_PATTERN, LLAMA3_PATTERN, QWEN2_PATTERN

from .tiny_models import byte_level_tokenizer

PATTERNS = {"gpt-2": GPT2_PATTERN, "qwen2": QWEN2_PATTERN, "bloom": BLOOM_PATTERN, "dbrx": LLAMA3_PATTERN}


def description(**parts: object) -> dict:
    """The tokenizer.json of a byte-level tokenizer, with other parts."""
    backend = byte_level_tokenizer(QWEN2_PATTERN).backend_tokenizer
    for name, part in parts.items():
        setattr(backend, name, part)
    return json.loads(backend.to_str())


def written(description: dict) -> dict[str, object]:
    writer = GGUFWriter(None, "llama")
    add_byte_level(writer, description, [])
    return {key: value.value for key, value in writer.kv_data[0].items()}


@pytest.mark.parametrize("name", PATTERNS)
def test_known_patterns_have_llama_cpps_name(name):
    pre_tokenizer = json.loads(byte_level_tokenizer(PATTERNS[name]).backend_tokenizer.to_str())["pre_tokenizer"]
    assert pre_tokenizer_name(pre_tokenizer, ignore_merges=False) == name


def test_llama_3_ignores_merges():
    pre_tokenizer = json.loads(byte_level_tokenizer(LLAMA3_PATTERN).backend_tokenizer.to_str())["pre_tokenizer"]
    assert pre_tokenizer_name(pre_tokenizer, ignore_merges=True) == "llama-bpe"


def test_model_pre_tokenizer_and_merges_are_written():
    keys = written(description())
    assert (keys["tokenizer.ggml.model"], keys["tokenizer.ggml.pre"]) == ("gpt2", "qwen2")
    assert keys["tokenizer.ggml.merges"] == [" ".join(pair) for pair in description()["model"]["merges"]]


@pytest.mark.parametrize(
    "pre_tokenizer",
    [
        pre_tokenizers.Whitespace(),
        pre_tokenizers.ByteLevel(add_prefix_space=True),
        pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=False),
        pre_tokenizers.Sequence([pre_tokenizers.Digits(True), pre_tokenizers.ByteLevel(False)]),
        pre_tokenizers.Sequence(
            [pre_tokenizers.Split("a", "isolated"), pre_tokenizers.ByteLevel(False, use_regex=False)]
        ),
    ],
)
def test_an_unknown_pre_tokenizer_is_refused(pre_tokenizer):
    with pytest.raises(UserError, match=r"^tokenizer\.json: pre_tokenizer .*gpt-2, qwen2, bloom"):
        written(description(pre_tokenizer=pre_tokenizer))


def test_nfc_is_noted_and_another_normalizer_is_refused(capsys):
    written(description())
    assert capsys.readouterr().err == ""
    written(description(normalizer=normalizers.NFC()))
    assert "NFC" in capsys.readouterr().err
    with pytest.raises(UserError, match=r"^tokenizer\.json: normalizer 'Lowercase'"):
        written(description(normalizer=normalizers.Lowercase()))


@pytest.mark.parametrize("key", ["continuing_subword_prefix", "end_of_word_suffix"])
def test_marks_of_subwords_are_refused(key):
    changed = description()
    changed["model"][key] = "##"
    with pytest.raises(UserError, match=r"^tokenizer\.json: model: "):
        written(changed)
