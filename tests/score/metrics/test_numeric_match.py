import pytest

from belle.score.metrics.numeric_match import last_number, score


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("12", "12"),
        ("答案是-3。", "-3"),
        ("等于3.5元", "3.5"),
        ("一共1,000个", "1000"),
        ("1,234,567.89", "1234567.89"),
        ("１２．５", "12.5"),
        ("−7", "-7"),
        ("先算3+4=7，再乘2得14，所以是14。", "14"),
        ("10-3", "3"),
        ("(2)-3", "3"),
        ("面积是25m²", "25"),
        ("面积是25m2", "25"),
        ("1，200，300", "300"),
        ("3,14", "14"),
        (".5", "0.5"),
        ("约等于...5", "5"),
        ("答案是12.", "12"),
        ("9" * 60, "9" * 60),
    ],
)
def test_the_last_number_is_found(text, written):
    assert str(last_number(text).written) == written


@pytest.mark.parametrize("text", ["", "十二", "m2", "无"])
def test_a_text_without_digits_has_no_number(text):
    assert last_number(text) is None


@pytest.mark.parametrize(
    ("answer", "reference", "expected"),
    [
        ("12.0", "12", 1.0),
        ("1,000 元", "1000", 1.0),
        ("-3", "3", 0.0),
        ("0.1", "0.10000000000000000001", 0.0),
        ("50%", "50%", 1.0),
        ("50", "50%", 1.0),
        ("0.5", "50 ％", 1.0),
        ("50%", "0.5", 1.0),
        ("5%", "0.5", 0.0),
        ("不知道", "12", 0.0),
        ("", "12", 0.0),
        ("12", "十二", None),
        ("", "十二", None),
    ],
)
def test_the_last_numbers_are_compared(answer, reference, expected):
    assert score(answer, reference) == expected
