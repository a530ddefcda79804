import pytest
from gguf import GGUFWriter

from belle.errors import UserError
from belle.quantize.gguf.sentencepiece import (
    PREPEND_SPACE,
    REPLACE_SPACES,
    SPACE,
    add_sentencepiece,
    merge_scores,
    space_prefix,
)

METASPACE = {"type": "Metaspace", "replacement": SPACE, "split": False, "prepend_scheme": "first"}
BYTES = [f"<0x{byte:02X}>" for byte in range(256)]


def model(merges: list[tuple[str, str]], vocabulary: list[str]) -> dict:
    """The parts of a tokenizer.json that give the scores."""
    vocab = {text: index for index, text in enumerate(vocabulary)}
    return {"model": {"merges": merges, "vocab": vocab}, "added_tokens": []}


def test_a_token_is_scored_by_the_first_pair_that_makes_it(capsys):
    merges = [("a", "b"), ("b", "a"), ("ab", "a"), ("a", "ba")]
    vocabulary = ["a", "b", "ab", "ba", "aba"]
    assert merge_scores(model(merges, vocabulary), vocabulary) == [-4, -4, 0, -1, -2]
    assert capsys.readouterr().err == ""


def test_scores_that_stand_for_several_ranks_are_noted(capsys):
    merges = [("a", "b"), ("c", "d"), ("b", "c"), ("ab", "c"), ("cd", "e"), ("a", "bc")]
    vocabulary = ["a", "b", "c", "d", "e", "ab", "cd", "bc", "abc", "cde"]
    assert merge_scores(model(merges, vocabulary), vocabulary) == [-6, -6, -6, -6, -6, 0, -1, -2, -3, -4]
    assert "equal SentencePiece scores" in capsys.readouterr().err


def test_two_tokens_that_make_a_token_must_be_a_merge():
    vocabulary = ["a", "b", "ab", "ba", "aba"]
    with pytest.raises(UserError, match=r"^tokenizer\.json: merges: (b \+ a|a \+ ba) .*(ba|aba)"):
        merge_scores(model([("a", "b"), ("ab", "a")], vocabulary), vocabulary)


@pytest.mark.parametrize(
    ("normalizer", "pre_tokenizer", "prefix"),
    [
        (None, METASPACE, "first"),
        (None, METASPACE | {"prepend_scheme": "never"}, "never"),
        ({"type": "Sequence", "normalizers": [PREPEND_SPACE, REPLACE_SPACES]}, None, "always"),
        (REPLACE_SPACES, None, "never"),
    ],
)
def test_spaces_are_marked_as_sentencepiece_does(normalizer, pre_tokenizer, prefix):
    assert space_prefix({"normalizer": normalizer, "pre_tokenizer": pre_tokenizer}) == prefix


@pytest.mark.parametrize(
    ("normalizer", "pre_tokenizer"),
    [
        (None, None),
        ({"type": "NFKC"}, METASPACE),
        ({"type": "NFKC"}, None),
        (None, METASPACE | {"split": True}),
        (None, METASPACE | {"replacement": "_"}),
    ],
)
def test_other_marks_for_spaces_are_refused(normalizer, pre_tokenizer):
    with pytest.raises(UserError, match=r"^tokenizer\.json: .*normalizer"):
        space_prefix({"normalizer": normalizer, "pre_tokenizer": pre_tokenizer})


def test_every_byte_must_have_a_token():
    parts = {"normalizer": REPLACE_SPACES, "pre_tokenizer": None}
    writer = GGUFWriter(None, "llama")
    add_sentencepiece(writer, model([], BYTES) | parts, BYTES)
    assert writer.kv_data[0]["tokenizer.ggml.add_space_prefix"].value is False
    few = [token for token in BYTES if token not in ("<0x41>", "<0x42>")]
    with pytest.raises(UserError, match=r"^tokenizer\.json: 2 .*<0x41>"):
        add_sentencepiece(writer, model([], few) | parts, few)
