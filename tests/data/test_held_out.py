import hashlib

import numpy as np
import pytest

from belle.data.held_out import digest_of, held_out

DIGESTS = np.array([digest_of(f"问题{number}") for number in range(10_000)], np.uint64)


@pytest.mark.parametrize(
    ("one", "other"), [("什么是AI？", "什么是ａｉ"), ("1 + 1 = ?", "1+1"), ("Hello, World", "hello world")]
)
def test_questions_in_another_form_go_the_same_way(one, other):
    assert digest_of(one) == digest_of(other)


@pytest.mark.parametrize(("one", "other"), [("1+1", "1+2"), ("什么是猫", "什么是狗"), ("？", "！"), ("", "？")])
def test_other_questions_have_another_digest(one, other):
    assert digest_of(one) != digest_of(other)


def test_the_digest_is_the_same_everywhere():
    assert digest_of("甲") == int.from_bytes(hashlib.sha256("甲".encode()).digest()[:8])


@pytest.mark.parametrize("share", [0.01, 0.1, 0.5])
def test_about_that_share_is_held_out_each_by_its_own_digest(share):
    chosen = held_out(DIGESTS, share)
    assert abs(chosen.mean() - share) < 0.01
    assert (held_out(DIGESTS[:5000], share) == chosen[:5000]).all()
    assert not (chosen & ~held_out(DIGESTS, 1.5 * share)).any(), "a larger share adds rows and replaces none"


def test_few_rows_hold_out_the_lowest():
    few = np.array([30, 20, 20, 40], np.uint64) << np.uint64(57)
    assert held_out(few, 1e-9).tolist() == [False, True, True, False]
    assert held_out(np.empty(0, np.uint64), 0.5).tolist() == []
