import pyarrow as pa
import pytest

from belle.clean.filters import content
from belle.clean.filters.repetition import Repetition
from factories import conversation

from .see_one import see_one

LOOP = "我很高兴能够帮助您解决这个问题。" * 12
SONG = "第一节\n夜里的星星照亮天空\n合唱\n我们一起唱歌跳舞\n第二节\n清晨的太阳叫醒大地\n合唱\n我们一起唱歌跳舞"


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
