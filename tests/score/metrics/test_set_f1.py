import pytest

from belle.score.metrics.set_f1 import items, score


@pytest.mark.parametrize("separator", ["、", "，", ",", ", ", ";", "；", "\n", "\r\n"])
def test_items_may_be_separated_in_many_ways(separator):
    assert items(f"北京{separator}上海。") == {"北京", "上海"}


@pytest.mark.parametrize(
    "text",
    [
        "1. 北京\n2. 3M公司", "1、北京\n2、 3M公司", "（1）北京\n（2） 3M公司", "1) 3M公司\n2) 北京",
        "- 北京\n- 3M公司", "• 北京\n• 3M公司", "  * 北京\n\n  * 3M公司\n",
    ],
)  # fmt: skip
def test_what_marks_the_items_of_a_list_is_no_part_of_them(text):
    assert items(text) == {"北京", "3m公司"}


@pytest.mark.parametrize(
    ("text", "found"), [("1、2、3", "1 2 3"), ("-5, 3.5", "-5 3.5"), ("7\n8", "7 8"), ("C++\nC", "c++ c")]
)
def test_numbers_are_items(text, found):
    assert items(text) == set(found.split())


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
        ("苹果、梨和桃", "苹果、梨、桃", 0.4),
        ("北京、、，上海；\n", "北京\n上海", 1.0),
        ("1. 上海\n2. 北京\n3. 上海", "北京、上海", 1.0),
        ("", "北京", 0.0),
        ("北京", "、。", None),
    ],
)
def test_shared_items_are_counted_whatever_their_order(answer, reference, expected):
    assert score(answer, reference) == expected
