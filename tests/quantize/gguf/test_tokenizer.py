import json

import pytest
from gguf import GGUFReader, TokenType
from tokenizers import Tokenizer, models, normalizers
from transformers import AddedToken, LlamaConfig, LlamaForCausalLM, PreTrainedTokenizerFast

from belle.config.extend_vocab import ExtendVocabParams
from belle.errors import UserError
from belle.evaluate.backends.llama_cpp import LlamaCppModel
from belle.quantize.gguf.byte_level import GPT2_PATTERN
from belle.quantize.gguf.sentencepiece import SPACE
from belle.quantize.gguf.writer import write_gguf
from belle.tokenizer.encode import ChatEncoder
from belle.tokenizer.extension.learn import extended, learn
from belle.tokenizer.extension.vocabulary import Vocabulary
from belle.tokenizer.patterns import BLOOM_PATTERN, LLAMA3_PATTERN, QWEN2_PATTERN
from factories import conversation
from qwen3_template import as_qwen3

from .tiny_models import CORPUS, PROBES, byte_level_tokenizer, sentencepiece_tokenizer

SPECIAL_PROBES = ["a<|endoftext|>b", "<|endoftext|>", "你好<|pad|> 世界 <|user|>问题<工具>x<工具>\n<|user|>"]
SENTENCEPIECE_SPECIAL_PROBES = ["<s>你好</s>", "a<|user|>问题 <工具>x</s>\n"]
EXTENSION_CORPUS = ["明天天气很好，我们去公园散步2次。", "公园里的天气a很好b，𠮷野家在公园里"] * 2
PATTERNS = {"gpt-2": GPT2_PATTERN, "qwen2": QWEN2_PATTERN, "bloom": BLOOM_PATTERN, "dbrx": LLAMA3_PATTERN}


def loaded(tokenizer, folder, rows=700) -> LlamaCppModel:
    """The tokenizer in llama.cpp, through a GGUF file with a model around it."""
    config = LlamaConfig(
        vocab_size=rows,
        hidden_size=32,
        intermediate_size=32,
        num_hidden_layers=1,
        num_attention_heads=1,
    )
    write_gguf(LlamaForCausalLM(config), tokenizer, folder / "model.gguf", "f16")
    return LlamaCppModel(folder / "model.gguf", context_length=64, threads=1)


def ids_of(tokenizer, text) -> list[int]:
    return tokenizer(text, add_special_tokens=False)["input_ids"]


def differing(tokenizer, llama, texts) -> set[str]:
    """The texts that get other ids in llama.cpp."""
    return {text for text in texts if ids_of(tokenizer, text) != llama.tokenize(text)}


def keys_of(folder) -> dict[str, object]:
    return {name: field.contents() for name, field in GGUFReader(folder / "model.gguf").fields.items()}


@pytest.mark.parametrize("name", PATTERNS)
def test_ids_of_byte_level_tokenizers_are_equal(name, tmp_path):
    tokenizer = byte_level_tokenizer(PATTERNS[name])
    tokenizer.add_tokens([AddedToken("<|user|>", special=True), AddedToken("<工具>", normalized=False)])
    assert not differing(tokenizer, loaded(tokenizer, tmp_path), PROBES + CORPUS[:4] + SPECIAL_PROBES)
    assert keys_of(tmp_path)["tokenizer.ggml.pre"] == name


@pytest.mark.parametrize("name", PATTERNS)
def test_ids_of_extended_byte_level_tokenizers_are_equal(name, tmp_path):
    tokenizer = byte_level_tokenizer(PATTERNS[name])
    old = Vocabulary(json.loads(tokenizer.backend_tokenizer.to_str()), "tokenizer.json")
    params = ExtendVocabParams(enabled=True, new_tokens=42, character_coverage=1.0, max_characters=4)
    extension = learn(old, lambda: [[*CORPUS, *EXTENSION_CORPUS]], params)
    backend = Tokenizer.from_str(json.dumps(extended(old, extension).description))
    extended_one = PreTrainedTokenizerFast(tokenizer_object=backend, eos_token="<|endoftext|>")
    probes = PROBES + CORPUS[:4] + SPECIAL_PROBES + EXTENSION_CORPUS
    llama = loaded(extended_one, tmp_path)
    assert not differing(extended_one, llama, probes)
    used = {index for text in EXTENSION_CORPUS for index in llama.tokenize(text) if index >= extension.first_id}
    assert len(used) > 5
    assert keys_of(tmp_path)["tokenizer.ggml.pre"] == name


def test_llama_3_takes_whole_words_before_merges(tmp_path):
    tokenizer = byte_level_tokenizer(LLAMA3_PATTERN)
    model = json.loads(tokenizer.backend_tokenizer.to_str())["model"]
    merges = [tuple(pair) for pair in model["merges"]]
    whole = models.BPE(model["vocab"] | {"fox": len(model["vocab"])}, merges, ignore_merges=True)
    tokenizer.backend_tokenizer.model = whole
    llama = loaded(tokenizer, tmp_path)
    assert not differing(tokenizer, llama, [*PROBES, "fox", "fox fox"])
    assert llama.tokenize("fox") == [len(model["vocab"])]
    assert keys_of(tmp_path)["tokenizer.ggml.pre"] == "llama-bpe"


def test_negative_control_the_texts_tell_pre_tokenizers_apart(tmp_path):
    llama = loaded(byte_level_tokenizer(QWEN2_PATTERN), tmp_path)
    assert differing(byte_level_tokenizer(LLAMA3_PATTERN), llama, PROBES)


def test_ids_of_nfc_text_are_equal_without_the_normalizer(tmp_path):
    tokenizer = byte_level_tokenizer(QWEN2_PATTERN)
    tokenizer.backend_tokenizer.normalizer = normalizers.NFC()
    assert not differing(tokenizer, loaded(tokenizer, tmp_path), PROBES)


def test_flags_of_added_tokens_are_noted(tmp_path, capsys):
    tokenizer = byte_level_tokenizer(QWEN2_PATTERN)
    loaded(tokenizer, tmp_path)
    assert "lstrip" not in capsys.readouterr().err
    tokenizer.add_tokens([AddedToken("<|user|>", lstrip=True, normalized=False)])
    loaded(tokenizer, tmp_path)
    (note,) = [line for line in capsys.readouterr().err.splitlines() if "lstrip" in line]
    assert "<|user|>" in note


def test_special_ids_and_token_types_are_written(tmp_path):
    """No bos or eos is added, as in training: llama.cpp would put one before every prompt."""
    tokenizer = sentencepiece_tokenizer(tmp_path, legacy=True)
    loaded(tokenizer, tmp_path)
    keys = keys_of(tmp_path)
    assert keys["tokenizer.ggml.bos_token_id"] == tokenizer.bos_token_id == 1
    assert keys["tokenizer.ggml.eos_token_id"] == tokenizer.eos_token_id == 2
    assert keys["tokenizer.ggml.add_bos_token"] is keys["tokenizer.ggml.add_eos_token"] is False
    types = keys["tokenizer.ggml.token_type"]
    assert [types[index] for index in (1, 3, 400, 500, 501, 699)] == [
        TokenType.CONTROL,
        TokenType.BYTE,
        TokenType.NORMAL,
        TokenType.CONTROL,
        TokenType.USER_DEFINED,
        TokenType.UNUSED,
    ]


def test_the_chat_template_is_written(tmp_path, capsys):
    template = "{% for m in messages %}{{ m.role }}: \n{{ m.content }}\n\n{% endfor %}问"
    loaded(byte_level_tokenizer(QWEN2_PATTERN, template), tmp_path)
    assert keys_of(tmp_path)["tokenizer.chat_template"] == template
    loaded(byte_level_tokenizer(QWEN2_PATTERN, {"tools": "{{ 1 }}", "default": "{{ 2 }}"}), tmp_path)
    assert keys_of(tmp_path)["tokenizer.chat_template"] == "{{ 2 }}"
    assert "tools" in capsys.readouterr().err


def test_the_prompt_of_the_gguf_file_is_that_of_training_where_a_model_can_think(tmp_path):
    from llama_cpp.llama_chat_format import Jinja2ChatFormatter

    tokenizer = as_qwen3(byte_level_tokenizer(QWEN2_PATTERN))
    llama, messages = loaded(tokenizer, tmp_path), conversation("你好", "世界", "再见")
    formatter = Jinja2ChatFormatter(keys_of(tmp_path)["tokenizer.chat_template"], tokenizer.eos_token, bos_token="")
    prompt = ChatEncoder(tokenizer).encode(messages, add_generation_prompt=True).ids.tolist()
    assert llama.tokenize(formatter(messages=messages).prompt) == prompt


@pytest.mark.parametrize("template", [None, {"tools": "{{ 1 }}"}])
def test_a_missing_chat_template_is_noted_and_an_ambiguous_one_refused(tmp_path, capsys, template):
    tokenizer = byte_level_tokenizer(QWEN2_PATTERN, template)
    if template is None:
        loaded(tokenizer, tmp_path)
        assert "no chat template" in capsys.readouterr().err
        assert "tokenizer.chat_template" not in keys_of(tmp_path)
    else:
        with pytest.raises(UserError, match=r"chat_template: .*tools"):
            loaded(tokenizer, tmp_path)


def test_an_id_without_an_embedding_is_refused(tmp_path):
    tokenizer = byte_level_tokenizer(QWEN2_PATTERN)
    last = len(tokenizer) - 1
    with pytest.raises(UserError, match=rf"^tokenizer\.json: id {last} .*{last} rows"):
        loaded(tokenizer, tmp_path, rows=last)


def test_another_model_than_bpe_is_refused(tmp_path):
    words = PreTrainedTokenizerFast(tokenizer_object=Tokenizer(models.WordLevel({"a": 0}, unk_token="a")))
    with pytest.raises(UserError, match=r"^tokenizer\.json: model 'WordLevel'"):
        loaded(words, tmp_path)


@pytest.mark.parametrize("legacy", [True, False])
def test_ids_of_sentencepiece_tokenizers_are_equal_but_where_it_is_noted(legacy, tmp_path, capsys):
    tokenizer = sentencepiece_tokenizer(tmp_path, legacy)
    llama = loaded(tokenizer, tmp_path)
    notes = capsys.readouterr().err
    with_a_space = {text for text in PROBES if text.startswith(" ")}
    expected = with_a_space | (set() if legacy else set(SENTENCEPIECE_SPECIAL_PROBES))
    assert differing(tokenizer, llama, PROBES + CORPUS[:4] + SENTENCEPIECE_SPECIAL_PROBES) == expected
    assert "begins with" in notes
    assert ("follows a special token" in notes) == (not legacy)
    assert "equal SentencePiece scores" not in notes


def test_ids_are_equal_when_the_normalizer_marks_the_spaces(tmp_path, capsys):
    """As in older tokenizer.json files, and exactly as SentencePiece does."""
    tokenizer = sentencepiece_tokenizer(tmp_path, legacy=True)
    steps = [normalizers.Prepend(SPACE), normalizers.Replace(" ", SPACE)]
    backend = tokenizer.backend_tokenizer
    backend.normalizer, backend.pre_tokenizer = normalizers.Sequence(steps), None
    assert not differing(tokenizer, loaded(tokenizer, tmp_path), PROBES + SENTENCEPIECE_SPECIAL_PROBES)
    backend.normalizer = steps[1]
    assert not differing(tokenizer, loaded(tokenizer, tmp_path), PROBES + SENTENCEPIECE_SPECIAL_PROBES)
    assert "begins with" not in capsys.readouterr().err
