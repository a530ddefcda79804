import pytest

from belle.judge import quoted
from belle.judge.quoted import normalize


@pytest.mark.parametrize(
    ("text", "plain", "origin"),
    [
        ("得分：０．８", "得分:0.8", [0, 1, 2, 3, 4, 5, 6]),
        ("½。", "1/2。", [0, 0, 0, 1, 2]),
        ("得\u200b分", "得分", [0, 2, 3]),
        ("a\r\nb\rc", "a\nb\nc", [0, 2, 3, 4, 5, 6]),
        ("", "", [0]),
    ],
)
def test_every_character_of_a_normalized_text_knows_its_origin(text, plain, origin):
    assert normalize(text) == (plain, origin)


def test_a_character_is_normalized_once(monkeypatch):
    """One call of NFKC for each character of each reply took more than half the time of `belle report`."""
    normalize("今天天气")
    monkeypatch.setattr(quoted, "unicodedata", None)
    assert normalize("天气今天").text == "天气今天"
