import pytest
from rich.cells import cell_len
from rich.text import Text

from belle.browse.wrap import wrap

TEXTS = [
    "user: 改写成被动句：张伟今天早上在杭州的市场买走了三斤桃子和两斤苹果。",
    "Rewrite the sentence in the passive voice, please, and mind 标点符号，全角 and half-width ones.",
    "x" * 50,
    "一" * 50,
    "，" * 30,
    "",
    "a\n\n  b\n",
]


@pytest.mark.parametrize("width", [2, 7, 20, 80])
@pytest.mark.parametrize("text", TEXTS)
def test_no_line_is_too_wide_and_nothing_is_lost(text, width):
    wrapped = wrap(Text(text), width)
    assert all(cell_len(line.rstrip(" ")) <= width for line in wrapped.plain.split("\n"))
    assert wrapped.plain.replace("\n", "") == text.replace("\n", "")


def test_lines_break_between_words_and_between_chinese_characters():
    assert wrap(Text("one two three"), 8).plain == "one two \nthree"
    assert wrap(Text("user: 一二三四"), 10).plain == "user: 一二\n三四"


def test_punctuation_does_not_begin_a_line():
    assert wrap(Text("一二三，四"), 6).plain == "一二\n三，四"


def test_styles_stay_with_their_characters():
    wrapped = wrap(Text.assemble(("一二三", "red"), "四五"), 4)
    assert [(wrapped.plain[span.start : span.end], span.style) for span in wrapped.spans if span.style == "red"] == [
        ("一二", "red"), ("三", "red"),
    ]  # fmt: skip
