import math
import random
from collections import Counter

import numpy as np
import pytest

from belle.clean.filters.ngram_model import CODE_POINTS, WEIGHTS, NgramModel
from belle.clean.filters.perplexity import Perplexity
from factories import conversation

from .see_one import see_one

WORDS = ["今天", "天气", "很好", "我们", "一起", "去", "公园", "散步", "吧", "，", "。", "学习", "中文", "很", "有趣"]


def sentences(count: int) -> list[str]:
    choose = random.Random(0)
    return ["".join(choose.choices(WORDS, k=20)) for _ in range(count)]


def shuffled(text: str) -> str:
    return "".join(random.Random(1).sample(text, len(text)))


def slow_perplexity(texts: list[str], at: int) -> float:
    """By the definition, with exact counts."""
    marked = "".join(f"\n\n{text}" for text in texts)
    start = sum(len(text) + 2 for text in texts[:at]) + 2
    padded = f"\0\0{marked}"
    counts = [Counter(padded[i - n + 1 : i + 1] for i in range(2, len(padded))) for n in (1, 2, 3)]
    logs = []
    for i in range(start + 2, start + 2 + len(texts[at])):
        one, two, three = (max(counts[n][padded[i - n : i + 1]] - 1, 0) for n in range(3))
        before = padded[i - 1], padded[i - 2 : i]
        pair, single = max(counts[1][before[1]] - 1, 1), max(counts[0][before[0]] - 1, 1)
        shares = min(three / pair, 1), min(two / single, 1), one / len(marked), 1 / CODE_POINTS
        logs.append(math.log(sum(weight * share for weight, share in zip(WEIGHTS, shares, strict=True))))
    return math.exp(-sum(logs) / max(len(logs), 1))


def test_perplexities_are_those_of_the_definition():
    texts = [*sentences(30), "xyz", ""]
    model = NgramModel()
    model.learn(texts)
    expected = [slow_perplexity(texts, at) for at in range(len(texts))]
    assert model.perplexities(texts) == pytest.approx(expected, rel=1e-6)


def test_a_perplexity_does_not_depend_on_the_texts_beside_it():
    texts = sentences(50)
    model = NgramModel()
    model.learn(texts[:20])
    model.learn(texts[20:])
    alone = np.concatenate([model.perplexities([text]) for text in texts])
    assert model.perplexities(texts).tolist() == alone.tolist()


def test_text_unlike_the_rest_is_seen():
    texts = sentences(300)
    one = Perplexity(200.0).fitted(iter([*texts, *(shuffled(text) for text in texts[:3])]))
    assert [see_one(one, text) for text in texts[:100]] == [None] * 100
    seen = [see_one(one, conversation(shuffled(text), "鑫龘靐齉爩鱻麤")) for text in texts[:3]]
    assert all(found and found.startswith("perplexity ") for found in seen)


def test_no_texts_have_no_perplexity():
    model = NgramModel()
    model.learn([])
    assert model.perplexities([]).tolist() == []


def test_a_short_row_is_kept():
    assert see_one(Perplexity(1.5).fitted(sentences(10)), conversation("龘靐", "齉爩")) is None
