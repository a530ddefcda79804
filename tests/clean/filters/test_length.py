import pytest

from belle.clean.filters.length import TooLong, TooShort
from factories import conversation

from .decide_one import decide_one


@pytest.mark.parametrize(
    ("sample", "reason"),
    [
        (conversation("你好吗", "我很好"), None),
        (conversation("你好", "我很好"), "too_short"),
        (conversation("你好吗", "  好  "), "too_short"),
        (conversation("你好吗", "我很好", system="S"), None),
        ("三个字", None),
        ("😀😀", "too_short"),
    ],
)
def test_the_shortest_turn_decides(tmp_path, sample, reason):
    assert decide_one(tmp_path, TooShort(3), sample) == (reason, None)


@pytest.mark.parametrize(
    ("sample", "reason"),
    [
        (conversation("你好吗", "我很好"), None),
        (conversation("你好吗", "我很好啊"), "too_long"),
        (conversation("你好吗", "我很好  "), None),
        (conversation("你好吗", "我很好", system="S"), "too_long"),
    ],
)
def test_all_messages_together_must_not_be_too_long(tmp_path, sample, reason):
    assert decide_one(tmp_path, TooLong(6), sample) == (reason, None)
