import re
from collections import Counter
from random import Random

from belle.mini.data.corpus import PASSAGES, passages
from belle.mini.data.sample import is_held_out


def test_passages_come_in_turn_and_the_same_each_time():
    turn = sum(PASSAGES.values())
    assert list(passages(Random(1), 2 * turn)) == list(passages(Random(1), 2 * turn))
    assert len(list(passages(Random(1), 2 * turn + 3))) == 2 * turn + 3


def test_sums_are_right_and_none_is_held_out():
    corpus = "".join(passages(Random(1), 40 * sum(PASSAGES.values())))
    sums = re.findall(r"(\d+)([加减])(\d+)得(\d+)", corpus)
    assert Counter(sign for _, sign, _, _ in sums).keys() == {"加", "减"}
    for a, sign, b, result in sums:
        assert int(result) == (int(a) + int(b) if sign == "加" else int(a) - int(b))
        assert not is_held_out(f"{a}{sign}{b}")
