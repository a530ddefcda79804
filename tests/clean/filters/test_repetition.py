import random

import pyarrow as pa
import pytest

from belle.clean.filters import content
from belle.clean.filters.repetition import NGRAM, Characters, Repetition, repeated_lines, repeated_ngrams
from factories import conversation

from .see_one import see_one

LOOP = "我很高兴能够帮助您解决这个问题。" * 12
SONG = "第一节\n夜里的星星照亮天空\n合唱\n我们一起唱歌跳舞\n第二节\n清晨的太阳叫醒大地\n合唱\n我们一起唱歌跳舞"


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


@pytest.mark.parametrize(
    ("text", "seen"),
    [
        (LOOP, "92% of the words in repeated 10-grams"),
        ("哈" * 100, "99% of the words in repeated 10-grams"),
        ("I am sorry. " * 40, "98% of the words in repeated 10-grams"),
        ("答案是：\n" + "重复的一行\n" * 9, "83% of the words in repeated 10-grams"),
        ("短\n" * 7, "86% of the characters in repeated lines"),
    ],
)
def test_an_answer_that_goes_round_in_circles_is_seen(text, seen):
    assert see_one(Repetition(0.7, 0.7), conversation("问", text)) == seen
    assert see_one(Repetition(0.7, 0.7), text) == seen


@pytest.mark.parametrize(
    "text",
    [
        "",
        "好",
        "春眠不觉晓，处处闻啼鸟。夜来风雨声，花落知多少。",
        SONG,
        "```python\nfor i in range(3):\n    print(i)\nfor j in range(3):\n    print(j)\n```",
        "| 姓名 | 年龄 |\n|---|---|\n| 张三 | 20 |\n| 李四 | 30 |",
        "1. 苹果\n2. 香蕉\n3. 苹果\n4. 梨",
    ],
)
def test_lists_code_and_refrains_are_kept(text):
    assert see_one(Repetition(0.7, 0.7), conversation("问", text)) is None


def test_questions_may_repeat_and_each_limit_may_be_off():
    assert see_one(Repetition(0.7, 0.7), conversation(LOOP, "好")) is None
    assert see_one(Repetition(None, 0.95), conversation("问", LOOP)) is None
    assert see_one(Repetition(0.95, None), conversation("问", LOOP)) is None
    assert see_one(Repetition(0.2, None), conversation("问", SONG)) == "23% of the characters in repeated lines"


def test_blocks_of_texts_change_nothing(monkeypatch):
    texts = pa.array([LOOP, "好", SONG, "", LOOP * 3])
    whole = Repetition(0.2, 0.5).see_in(texts)
    monkeypatch.setattr(content, "BLOCK", 100)
    assert Repetition(0.2, 0.5).see_in(texts) == whole
    assert sorted(whole) == [0, 2, 4]
