import json

import pytest
from tokenizers import Tokenizer, models, normalizers, pre_tokenizers

from belle.errors import UserError
from belle.tokenizer.extension.vocabulary import read_vocabulary


def unigram() -> Tokenizer:
    return Tokenizer(models.Unigram([("<unk>", 0.0), ("你", -1.0)], 0))


def word_pieces() -> Tokenizer:
    return Tokenizer(models.WordPiece({"[UNK]": 0}, unk_token="[UNK]"))


def characters() -> Tokenizer:
    return Tokenizer(models.BPE({"a": 0}, []))


def bytes_and_fallback() -> Tokenizer:
    tokenizer = Tokenizer(models.BPE({"a": 0}, [], byte_fallback=True))
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel()
    return tokenizer


def suffixes() -> Tokenizer:
    tokenizer = Tokenizer(models.BPE({"a": 0}, [], end_of_word_suffix="</w>"))
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel()
    return tokenizer


def one_token_per_character() -> Tokenizer:
    tokenizer = Tokenizer(models.BPE({"a": 0}, []))
    steps = [pre_tokenizers.Split("汉", behavior="isolated"), pre_tokenizers.ByteLevel(use_regex=False)]
    tokenizer.pre_tokenizer = pre_tokenizers.Sequence(steps)
    return tokenizer


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (unigram, "type Unigram"),
        (word_pieces, "type WordPiece"),
        (characters, "neither byte-level nor"),
        (bytes_and_fallback, "neither byte-level nor"),
        (suffixes, "neither byte-level nor"),
        (one_token_per_character, "splits between Chinese characters"),
    ],
)
def test_what_cannot_be_extended_is_refused(make, words, tmp_path):
    make().save(str(tmp_path / "tokenizer.json"))
    with pytest.raises(UserError, match=rf"^models/x: .*{words}.*extend_vocab\.enabled"):
        read_vocabulary(tmp_path / "tokenizer.json", "models/x")


def test_a_broken_file_is_named(tmp_path):
    (tmp_path / "tokenizer.json").write_text("{")
    with pytest.raises(UserError, match=r"^models/x: broken"):
        read_vocabulary(tmp_path / "tokenizer.json", "models/x")


@pytest.mark.parametrize("as_strings", [True, False])
def test_added_tokens_and_both_forms_of_merges_are_read(as_strings, tmp_path):
    tokenizer = Tokenizer(models.BPE({"a": 0, "b": 1, "ab": 2}, [("a", "b")]))
    tokenizer.pre_tokenizer, tokenizer.normalizer = pre_tokenizers.ByteLevel(), normalizers.NFC()
    tokenizer.add_special_tokens(["<|end|>"])
    description = json.loads(tokenizer.to_str())
    if as_strings:
        description["model"]["merges"] = ["a b"]
    (tmp_path / "tokenizer.json").write_text(json.dumps(description))
    vocabulary = read_vocabulary(tmp_path / "tokenizer.json", "models/x")
    assert vocabulary.is_byte_level
    assert (vocabulary.merges, vocabulary.ids["<|end|>"], vocabulary.next_id) == ([("a", "b")], 3, 4)
    assert vocabulary.text_of("Ġé") == " \ufffd"
