"""ROUGE-L over characters, held against its definition."""

import random

import pytest

from belle.generate_data.similarity import SeenInstructions


def longest_common_subsequence(one: str, two: str) -> int:
    lengths = [0] * (len(two) + 1)
    for first in one:
        previous = 0
        for index, second in enumerate(two):
            above = lengths[index + 1]
            lengths[index + 1] = previous + 1 if first == second else max(above, lengths[index])
            previous = above
    return lengths[-1]


def test_it_is_rouge_l():
    rng = random.Random(1)
    for _ in range(300):
        one, two = ("".join(rng.choices("写一首诗关于春天的", k=rng.randint(1, 20))) for _ in range(2))
        seen = SeenInstructions(1e-9)
        seen.add("a", one)
        common = longest_common_subsequence(one, two)
        match = seen.match(two)
        assert (match.similarity if match else 0.0) == pytest.approx(2 * common / (len(one) + len(two)))


def test_the_most_similar_of_all_is_named_and_the_first_in_a_tie():
    seen = SeenInstructions(0.5)
    for identity, text in [
        ("far", "解释成语塞翁失马"),
        ("near", "写一首关于春天的诗"),
        ("equal", "写一首关于秋天的诗"),
        ("tie", "写一首关于秋天的诗"),
    ]:
        seen.add(identity, text)
    assert seen.match("写一首关于秋天的诗") == ("equal", 1.0)
    assert seen.match("计算三角形的面积") is None


def test_width_case_and_white_space_make_no_difference_signs_do():
    seen = SeenInstructions(1.0)
    seen.add("a", "计算 X+3")
    assert seen.match("计算ｘ＋3") == ("a", 1.0)
    assert seen.match("计算 X-3") is None


def test_nothing_is_similar_to_nothing():
    assert SeenInstructions(0.7).match("写一首诗") is None
