import pytest

from belle.score.metrics.set_f1 import items, score


@pytest.mark.parametrize("separator", ["、", "，", ",", ", ", ";", "；", "\n", "\r\n"])
def test_items_may_be_separated_in_many_ways(separator):
    assert items(f"北京{separator}上海。") == {"北京", "上海"}


@pytest.mark.parametrize(
    ("answer", "reference", "expected"),
    [
        ("上海、北京", "北京、上海", 1.0),
        ("北京、北京、上海", "北京、上海", 1.0),
        ("北京", "北京、上海", 2 / 3),
        ("北京、上海、广州、深圳", "北京、上海", 2 / 3),
        ("北京、广州", "北京、上海", 0.5),
        ("ＡＢＣ; d", "abc、D", 1.0),
        ("北京上海", "北京、上海", 0.0),
        ("", "北京", 0.0),
        ("北京", "、。", None),
    ],
)
def test_shared_items_are_counted_whatever_their_order(answer, reference, expected):
    assert score(answer, reference) == expected
