"""Merges as tokenizers before 0.20 documents them: https://huggingface.co/docs/tokenizers, `BPE.merges`."""

import json

import pytest
from tokenizers import Tokenizer, models

from belle.tokenizer.merges import write_merges_as_strings


def saved(tmp_path, merges):
    """A tokenizer.json with these merges, as today's library writes it."""
    tokens = sorted({token for pair in merges for token in (*pair, "".join(pair))})
    path = tmp_path / "tokenizer.json"
    Tokenizer(models.BPE({token: index for index, token in enumerate(tokens)}, merges)).save(str(path))
    return path


def merges_of(path):
    return json.loads(path.read_text(encoding="utf-8"))["model"]["merges"]


def test_pairs_become_strings_and_the_tokenizer_stays_the_same(tmp_path):
    path = saved(tmp_path, [("a", "b"), ("你", "好"), ("ab", "你好")])
    before = Tokenizer.from_file(str(path))
    assert merges_of(path) == [["a", "b"], ["你", "好"], ["ab", "你好"]]
    write_merges_as_strings(path)
    assert merges_of(path) == ["a b", "你 好", "ab 你好"]
    after = Tokenizer.from_file(str(path))
    assert after.to_str() == before.to_str()
    assert after.encode("ab你好").tokens == ["ab你好"]


@pytest.mark.parametrize("merges", [[("a", "b"), ("c ", "d")], [("a", "b"), ("#version", "2")], []])
def test_merges_that_a_string_cannot_say_stay_as_they_are(tmp_path, merges):
    path = saved(tmp_path, merges)
    before = path.read_bytes()
    write_merges_as_strings(path)
    assert path.read_bytes() == before


def test_strings_stay_strings(tmp_path):
    path = saved(tmp_path, [("a", "b")])
    write_merges_as_strings(path)
    before = path.read_bytes()
    write_merges_as_strings(path)
    assert path.read_bytes() == before


def test_a_tokenizer_without_merges_stays_as_it_is(tmp_path):
    path = tmp_path / "tokenizer.json"
    Tokenizer(models.WordLevel({"a": 0}, "a")).save(str(path))
    before = path.read_bytes()
    write_merges_as_strings(path)
    assert path.read_bytes() == before
