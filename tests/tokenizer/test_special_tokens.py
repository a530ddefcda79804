import json

import pytest
from sentencepiece import SentencePieceTrainer

from belle.errors import UserError
from belle.tokenizer.encode import ChatEncoder
from belle.tokenizer.load import read_tokenizer
from belle.tokenizer.special_tokens import fill_special_tokens
from belle.tokenizer.template import TEMPLATES
from factories import conversation

# the bytes of BELLE-LLaMA-7B-0.6M-enc: the SHA-256 in the name of its encrypted file is that of this text
RELEASED = (
    '{"bos_token": "", "eos_token": "", "model_max_length": 1000000000000000019884624838656, '
    '"tokenizer_class": "LlamaTokenizer", "unk_token": ""}'
)


@pytest.fixture
def released(tmp_path):
    """A SentencePiece tokenizer with the configuration that BELLE published."""
    corpus = tmp_path / "corpus.txt"
    corpus.write_text("你好，世界。\nThe quick brown fox jumps over the lazy dog.\n" * 50, encoding="utf-8")
    SentencePieceTrainer.train(
        input=str(corpus), model_prefix=str(tmp_path / "tokenizer"), vocab_size=300, model_type="bpe",
        byte_fallback=True, minloglevel=2,
    )  # fmt: skip
    (tmp_path / "tokenizer_config.json").write_text(RELEASED)
    (tmp_path / "special_tokens_map.json").write_text("{}")
    return tmp_path


def test_a_tokenizer_with_empty_special_tokens_is_one_line(released):
    with pytest.raises(UserError, match=f"^{released}: cannot load this tokenizer") as error:
        read_tokenizer(released)
    assert "\n" not in str(error.value)


def test_empty_special_tokens_come_from_the_sentencepiece_model(released):
    fill_special_tokens(released)
    tokenizer = read_tokenizer(released)
    assert (tokenizer.bos_token, tokenizer.eos_token, tokenizer.unk_token) == ("<s>", "</s>", "<unk>")
    tokenizer.chat_template = TEMPLATES["belle"]
    encoded = ChatEncoder(tokenizer).encode(conversation("你好", "The dog"))
    assert encoded.ids[-1] == tokenizer.eos_token_id
    # every conversation was refused when the empty string counted as a special token
    assert encoded.loss_mask.any()


def test_special_tokens_that_are_there_are_kept(released):
    path = released / "tokenizer_config.json"
    path.write_text(json.dumps({"eos_token": "<end>", "bos_token": ""}))
    fill_special_tokens(released)
    assert json.loads(path.read_text()) == {"eos_token": "<end>", "bos_token": "<s>"}


def test_without_a_sentencepiece_model_nothing_changes(released):
    (released / "tokenizer.model").unlink()
    fill_special_tokens(released)
    assert (released / "tokenizer_config.json").read_text() == RELEASED
