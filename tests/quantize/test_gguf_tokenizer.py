import io
import json

import pytest
import sentencepiece
from gguf import GGUFReader, TokenType
from gguf_fixtures import CORPUS, PROBES, byte_level_tokenizer
from tokenizers import Tokenizer, models, normalizers, pre_tokenizers, processors
from transformers import AddedToken, LlamaConfig, LlamaForCausalLM, LlamaTokenizer, PreTrainedTokenizerFast

from belle.errors import UserError
from belle.evaluate.backends.llama_cpp import LlamaCppModel
from belle.quantize.gguf.byte_level import (
    BLOOM_PATTERN,
    GPT2_PATTERN,
    LLAMA3_PATTERN,
    QWEN2_PATTERN,
    pre_tokenizer_name,
)
from belle.quantize.gguf.sentencepiece import SPACE, merge_scores
from belle.quantize.gguf.writer import write_gguf

SPECIAL_PROBES = ["a<|endoftext|>b", "<|endoftext|>", "你好<|pad|> 世界 <|user|>问题<工具>x<工具>\n<|user|>"]
SPM_SPECIAL = ["<s>你好</s>", "a<|user|>问题 <工具>x</s>\n"]
PATTERNS = {"gpt-2": GPT2_PATTERN, "qwen2": QWEN2_PATTERN, "bloom": BLOOM_PATTERN, "dbrx": LLAMA3_PATTERN}


def loaded(tokenizer, folder, rows=700):
    """The tokenizer as llama.cpp has it, through a GGUF file with a model around it."""
    config = LlamaConfig(
        vocab_size=rows,
        hidden_size=32,
        intermediate_size=32,
        num_hidden_layers=1,
        num_attention_heads=1,
    )
    write_gguf(LlamaForCausalLM(config), tokenizer, folder / "model.gguf", "f16")
    return LlamaCppModel(folder / "model.gguf", context_length=64, threads=1)


def ids_of(tokenizer, text):
    return tokenizer(text, add_special_tokens=False)["input_ids"]


def assert_same_ids(tokenizer, llama, probes):
    ours, theirs = [ids_of(tokenizer, text) for text in probes], [llama.tokenize(text) for text in probes]
    assert ours == theirs


@pytest.mark.parametrize("name", PATTERNS)
def test_byte_level_ids_are_equal(name, tmp_path):
    tokenizer = byte_level_tokenizer(PATTERNS[name])
    tokenizer.add_tokens([AddedToken("<|user|>", special=True), AddedToken("<工具>", normalized=False)])
    assert pre_tokenizer_name(pre_tokenizer_of(tokenizer), ignore_merges=False) == name
    assert_same_ids(tokenizer, loaded(tokenizer, tmp_path), PROBES + CORPUS[:4] + SPECIAL_PROBES)


def test_llama_3_takes_whole_words_before_merges(tmp_path):
    tokenizer = byte_level_tokenizer(LLAMA3_PATTERN)
    model = json.loads(tokenizer.backend_tokenizer.to_str())["model"]
    merges = [tuple(pair) for pair in model["merges"]]
    whole = models.BPE(model["vocab"] | {"fox": len(model["vocab"])}, merges, ignore_merges=True)
    tokenizer.backend_tokenizer.model = whole
    llama = loaded(tokenizer, tmp_path)
    assert_same_ids(tokenizer, llama, [*PROBES, "fox", "fox fox"])
    assert llama.tokenize("fox") == [len(model["vocab"])]
    assert GGUFReader(tmp_path / "model.gguf").fields["tokenizer.ggml.pre"].contents() == "llama-bpe"


def test_ids_differ_under_another_pre_tokenizer(tmp_path):
    """Negative control: the probes tell the pre-tokenizers apart."""
    llama = loaded(byte_level_tokenizer(QWEN2_PATTERN), tmp_path)
    tokenizer = byte_level_tokenizer(LLAMA3_PATTERN)
    assert any(ids_of(tokenizer, text) != llama.tokenize(text) for text in PROBES)


def pre_tokenizer_of(tokenizer):
    return json.loads(tokenizer.backend_tokenizer.to_str())["pre_tokenizer"]


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
def test_unknown_pre_tokenizer_is_refused(pre_tokenizer, tmp_path):
    tokenizer = byte_level_tokenizer(GPT2_PATTERN)
    tokenizer.backend_tokenizer.pre_tokenizer = pre_tokenizer
    with pytest.raises(UserError, match="pre_tokenizer"):
        loaded(tokenizer, tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_nfc_is_noted_and_other_normalizers_are_refused(tmp_path, capsys):
    tokenizer = byte_level_tokenizer(QWEN2_PATTERN)
    tokenizer.backend_tokenizer.normalizer = normalizers.NFC()
    assert_same_ids(tokenizer, loaded(tokenizer, tmp_path), PROBES)
    assert "llama.cpp does not: give it NFC text" in capsys.readouterr().err
    tokenizer.backend_tokenizer.normalizer = normalizers.Lowercase()
    with pytest.raises(UserError, match="normalizer 'Lowercase'"):
        loaded(tokenizer, tmp_path)


def test_flags_of_added_tokens_are_noted(tmp_path, capsys):
    tokenizer = byte_level_tokenizer(QWEN2_PATTERN)
    loaded(tokenizer, tmp_path)
    assert "ignores" not in capsys.readouterr().err
    tokenizer.add_tokens([AddedToken("<|user|>", lstrip=True, normalized=False)])
    loaded(tokenizer, tmp_path)
    assert "ignores lstrip, rstrip, single_word of the added tokens <|user|>" in capsys.readouterr().err


def test_special_ids_and_flags(tmp_path):
    """Read back by the `gguf` library; add_bos is what the tokenizer does, not what its class says."""
    tokenizer = llama_tokenizer(tmp_path, legacy=True)
    loaded(tokenizer, tmp_path)
    fields = {name: field.contents() for name, field in GGUFReader(tmp_path / "model.gguf").fields.items()}
    assert fields["tokenizer.ggml.bos_token_id"] == tokenizer.bos_token_id == 1
    assert fields["tokenizer.ggml.eos_token_id"] == tokenizer.eos_token_id == 2
    assert fields["tokenizer.ggml.add_bos_token"] == (tokenizer("a")["input_ids"][0] == 1)
    assert fields["tokenizer.ggml.add_eos_token"] is False
    types = fields["tokenizer.ggml.token_type"]
    assert [types[index] for index in (1, 3, 400, 500, 501, 699)] == [
        TokenType.CONTROL,
        TokenType.BYTE,
        TokenType.NORMAL,
        TokenType.CONTROL,
        TokenType.USER_DEFINED,
        TokenType.UNUSED,
    ]


def test_what_llama_cpp_would_not_add_is_refused(tmp_path):
    tokenizer = byte_level_tokenizer(QWEN2_PATTERN)
    frame = processors.TemplateProcessing(single="<|pad|> $A", special_tokens=[("<|pad|>", 1)])
    tokenizer.backend_tokenizer.post_processor = frame
    with pytest.raises(UserError, match="post_processor"):
        loaded(tokenizer, tmp_path)


def test_chat_template_is_kept(tmp_path, capsys):
    template = "{% for m in messages %}{{ m.role }}: \n{{ m.content }}\n\n{% endfor %}问"
    loaded(byte_level_tokenizer(QWEN2_PATTERN, template), tmp_path)
    assert GGUFReader(tmp_path / "model.gguf").fields["tokenizer.chat_template"].contents() == template
    loaded(byte_level_tokenizer(QWEN2_PATTERN, {"tools": "{{ 1 }}", "default": "{{ 2 }}"}), tmp_path)
    assert GGUFReader(tmp_path / "model.gguf").fields["tokenizer.chat_template"].contents() == "{{ 2 }}"
    assert "not: tools" in capsys.readouterr().err


def test_unfit_tokenizers_are_refused(tmp_path):
    tokenizer = byte_level_tokenizer(QWEN2_PATTERN)
    last = len(tokenizer) - 1
    with pytest.raises(UserError, match=f"id {last} has no embedding, the model has {last} rows"):
        loaded(tokenizer, tmp_path, rows=last)
    words = PreTrainedTokenizerFast(tokenizer_object=Tokenizer(models.WordLevel({"a": 0}, unk_token="a")))
    with pytest.raises(UserError, match="'WordLevel'"):
        loaded(words, tmp_path)


def llama_tokenizer(folder, legacy):
    """A SentencePiece BPE with LLaMA's training options."""
    model = io.BytesIO()
    sentencepiece.SentencePieceTrainer.train(
        sentence_iterator=iter(CORPUS),
        model_writer=model,
        model_type="bpe",
        vocab_size=500,
        byte_fallback=True,
        normalization_rule_name="identity",
        add_dummy_prefix=True,
        remove_extra_whitespaces=False,
        split_digits=True,
        allow_whitespace_only_pieces=True,
        minloglevel=2,
    )
    (folder / "tokenizer.model").write_bytes(model.getvalue())
    tokenizer = LlamaTokenizer.from_pretrained(folder, legacy=legacy)
    tokenizer.add_tokens([AddedToken("<|user|>", special=True), AddedToken("<工具>", normalized=False)])
    tokenizer.chat_template = "{{ messages }}"
    return tokenizer


@pytest.mark.parametrize("legacy", [True, False])
def test_sentencepiece_ids_are_equal(legacy, tmp_path, capsys):
    tokenizer = llama_tokenizer(tmp_path, legacy)
    llama = loaded(tokenizer, tmp_path)
    assert_same_ids(tokenizer, llama, [text for text in PROBES if not text.startswith(" ")] + CORPUS[:4])
    differ = {text for text in PROBES + SPM_SPECIAL if ids_of(tokenizer, text) != llama.tokenize(text)}
    assert differ == {text for text in PROBES if text.startswith(" ")} | (set() if legacy else set(SPM_SPECIAL))
    note = "begins with one: llama.cpp" if legacy else "begins with one or follows a special token: llama.cpp"
    notes = capsys.readouterr().err
    assert note in notes
    assert "equal SentencePiece scores" not in notes


def test_scores_that_stand_for_several_ranks_are_noted(capsys):
    merges = [["a", "b"], ["c", "d"], ["b", "c"], ["ab", "c"], ["cd", "e"], ["a", "bc"]]
    vocabulary = ["a", "b", "c", "d", "e", "ab", "cd", "bc", "abc", "cde"]
    model = {"merges": merges, "vocab": {text: index for index, text in enumerate(vocabulary)}}
    scores = merge_scores({"model": model, "added_tokens": []}, vocabulary)
    assert scores == [-6, -6, -6, -6, -6, 0, -1, -2, -3, -4]
    assert "equal SentencePiece scores" in capsys.readouterr().err


def test_sentencepiece_as_a_normalizer(tmp_path, capsys):
    """Older tokenizer.json files mark spaces in the normalizer: exactly SentencePiece's rule."""
    tokenizer = llama_tokenizer(tmp_path, legacy=True)
    steps = [normalizers.Prepend(SPACE), normalizers.Replace(" ", SPACE)]
    backend = tokenizer.backend_tokenizer
    backend.normalizer, backend.pre_tokenizer = normalizers.Sequence(steps), None
    assert_same_ids(tokenizer, loaded(tokenizer, tmp_path), PROBES + SPM_SPECIAL)
    backend.normalizer = steps[1]
    assert_same_ids(tokenizer, loaded(tokenizer, tmp_path), PROBES + SPM_SPECIAL)
    assert "no space before" not in capsys.readouterr().err


def test_byte_fallback_that_is_not_sentencepiece_is_refused(tmp_path):
    tokenizer = llama_tokenizer(tmp_path, legacy=True)
    backend = tokenizer.backend_tokenizer
    backend.normalizer = normalizers.NFKC()
    with pytest.raises(UserError, match="cannot apply them"):
        loaded(tokenizer, tmp_path)
    backend.normalizer = None
    vocabulary = {**{f"<0x{byte:02X}>": byte for byte in range(256)}, "a": 256, "b": 257, "ab": 258, "ba": 259}
    vocabulary |= {"aba": 260}
    backend.model = models.BPE(vocabulary, [("a", "b"), ("ab", "a")], byte_fallback=True)
    with pytest.raises(UserError, match=r"b \+ a is no merge|a \+ ba is no merge"):
        loaded(tokenizer, tmp_path)
    del vocabulary["<0x41>"]
    backend.model = models.BPE(vocabulary, [], byte_fallback=True)
    with pytest.raises(UserError, match="1 byte tokens are missing, as <0x41>"):
        loaded(tokenizer, tmp_path)
