import random

import pytest

from belle.data.repetition import NGRAM, Characters, repeated_lines, repeated_ngrams


def words_of(text: str) -> list[str]:
    """Chinese characters and runs of ASCII letters and digits."""
    words, run = [], ""
    for character in text:
        if character.isascii() and character.isalnum():
            run += character
            continue
        words += [run] * bool(run) + [character] * ("\u4e00" <= character <= "\u9fff")
        run = ""
    return words + [run] * bool(run)


def slow_repeated_ngrams(text: str) -> float:
    words, before, covered = words_of(text), set(), set()
    for at in range(len(words) - NGRAM + 1):
        ngram = tuple(words[at : at + NGRAM])
        covered |= set(range(at, at + NGRAM)) if ngram in before else set()
        before.add(ngram)
    return len(covered) / max(len(words), 1)


def slow_repeated_lines(text: str) -> float:
    lines = [line for line in text.split("\n") if line]
    repeated = [line for at, line in enumerate(lines) if line in lines[:at]]
    return sum(map(len, repeated)) / max(sum(map(len, lines)), 1)


def test_shares_are_those_of_the_definition():
    choose = random.Random(0)
    sentences = ["今天天气很好。", "the cat sat on the mat ", "一二三四五六七八九十", "\n", "x1 = 5; ", "甲", "！"]
    texts = ["".join(choose.choices(sentences, k=choose.randrange(30))) for _ in range(300)]
    assert repeated_ngrams(Characters(texts)) == pytest.approx([slow_repeated_ngrams(text) for text in texts])
    assert repeated_lines(Characters(texts)) == pytest.approx([slow_repeated_lines(text) for text in texts])


def test_equal_texts_side_by_side_do_not_repeat_each_other():
    texts = ["一二三四五六七八九十甲乙丙丁"] * 3
    assert not repeated_ngrams(Characters(texts)).any()
    assert not repeated_lines(Characters(texts)).any()
