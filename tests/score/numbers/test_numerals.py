import pytest

from belle.score.numbers.numerals import NUMERAL, numeral_value


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("零", 0),
        ("〇", 0),
        ("一千〇五", 1005),
        ("一千零五十", 1050),
        ("五千万", 50_000_000),
        ("两亿三", 230_000_000),
        ("十", 10),
        ("十二", 12),
        ("三十", 30),
        ("一百二十", 120),
        ("一百二", 120),
        ("一百零二", 102),
        ("一百一十二", 112),
        ("两千零五", 2005),
        ("三万五", 35_000),
        ("三万五千", 35_000),
        ("一亿两千万", 120_000_000),
        ("一万亿", 10**12),
        ("100万", 1_000_000),
        ("3万5千", 35_000),
        ("1亿2000万", 120_000_000),
        ("1，234，567", 1_234_567),
    ],
)
def test_a_numeral_is_worth_its_value(text, value):
    assert NUMERAL.fullmatch(text)
    assert numeral_value(text) == value


def test_digits_have_no_limit():
    assert numeral_value("9" * 5000) == 10**5000 - 1


def test_decimals_are_exact():
    assert numeral_value("三点一四") * 100 == numeral_value("3.14") * 100 == 314


@pytest.mark.parametrize("text", ["三四", "十十", "百", "万一", "一三十"])
def test_words_of_numerals_are_not_read_as_one(text):
    assert not NUMERAL.match(text)


@pytest.mark.parametrize("text", ["3千克", "三千米"])
def test_kilo_is_a_unit(text):
    assert NUMERAL.match(text)[0] == text[0]
