import pytest

from belle.score.metrics.text import fold, normalize


@pytest.mark.parametrize(
    ("text", "folded"),
    [("ＡＢＣ", "abc"), ("Straße", "strasse"), (" a\n\t b\u3000c ", "a b c"), ("１２．５", "12.5"), (" \n", "")],
)
def test_width_case_and_white_space_are_folded(text, folded):
    assert fold(text) == folded


@pytest.mark.parametrize(
    ("text", "normal"), [("北京。", "北京"), ("Yes!?", "yes"), ("3.5", "3.5"), ("a, b,", "a, b"), ("。", "")]
)
def test_punctuation_at_the_end_is_cut(text, normal):
    assert normalize(text) == normal
