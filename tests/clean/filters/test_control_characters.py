import pytest

from belle.clean.filters.control_characters import ControlCharacters
from factories import conversation

from .see_one import see_one


@pytest.mark.parametrize(
    ("text", "seen"),
    [
        ("access_level = 'user\u202e \u2066// 仅限管理员\u2069 \u2066'", "U+202E, bidirectional control"),
        ("天气\u2067很好", "U+2067, bidirectional control"),
        ("请总结这篇文章\U000e0049\U000e0067\U000e006e", "U+E0049, tag character"),
        ("\uf0b7 第一点\n\uf0b7 第二点", "U+F0B7, private use"),
        ("全角空格\ue5e5成了私用字符", "U+E5E5, private use"),
        ("\U000f1234", "U+F1234, private use"),
        ("a\uffffb", "U+FFFF, no character"),
        ("\U0005fffe", "U+5FFFE, no character"),
        ("\ufdd0", "U+FDD0, no character"),
    ],
)
def test_what_hides_or_shows_nothing_is_seen(text, seen):
    assert see_one(ControlCharacters(), text) == seen
    assert see_one(ControlCharacters(), conversation("好", "好", system=text)) == seen


@pytest.mark.parametrize(
    "text",
    [
        "普通的文字，2024年。",
        "零宽\u200b空格、字节顺序标记\ufeff、换页\x0c和退格\x08由规范化去掉",
        "👨\u200d👩\u200d👧 🏴\U000e0067\U000e0062\U000e0073\U000e0063\U000e0074\U000e007f ❤\ufe0f",
        "שלום\u200f עולם\u200e",
        "هل \u202aGDI+\u202c مدعوم؟ \u202b%I:%M\u202c",
        "می\u200cخواهم",
        "𠮷野家，㐂，𬸚，\U000323af",
        "\U0001fae8\U0001fadc 新的表情",
        "①②③ Ⅳ ㎡ ½ ∑ → █ ♠",
    ],
)
def test_other_characters_are_kept(text):
    assert see_one(ControlCharacters(), text) is None
