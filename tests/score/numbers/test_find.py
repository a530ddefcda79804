from fractions import Fraction

import pytest

from belle.score.numbers.find import find_numbers, half_width


def values(text: str) -> list[str]:
    """Every number of a text, its value and its symbol."""
    return [f"{found.number.value}{found.number.symbol}" for found in find_numbers(half_width(text))]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("！０～９", "!0~9"), ("，、。", "，、。"), ("5\u00a0\u30006", "5  6"), ("−5–6‐7‑8", "-5-6-7-8"),
        ("1⁄2∕3∶4", "1/2/3:4"),
        ("5\u200b\u200c\u200d\u2060\ufeff6", "56"), ("¼½¾", " 1/4 1/2 3/4"), ("⅐⅑⅒⅓⅞", " 1/7 1/9 1/10 1/3 7/8"),
        ("»¿⅟⅏", "»¿⅟⅏"), ("1{,}000", "1,000"), ("25m²", "25m²"),
    ],
)  # fmt: skip
def test_half_width(text, expected):
    assert half_width(text) == expected


def test_the_place_of_a_number_is_that_of_its_text_without_the_sign():
    text = "得 -5π 和 1,200元"
    assert [text[found.start : found.end] for found in find_numbers(text)] == ["5π", "1,200"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("1,234,567.89", "123456789/100"),
        ("１２．５", "25/2"),
        (".5", "1/2"),
        ("12.", "12"),
        ("...5", "5"),
        ("−7", "-7"),
        ("负五", "-5"),
        ("负的五", "-5"),
        ("–7", "-7"),
        ("x-3", "3x-…"),
        ("is -3", "-3"),
        ("(-3)", "-3"),
        ("x=-3", "-3"),
        (r"\(-3\)", "-3"),
        ("3/4", "3/4"),
        (r"\dfrac{3}{4}", "3/4"),
        (r"\frac 34", "3/4"),
        (r"\frac{\sqrt{3}}{2}", "1(√3)/(2)"),
        ("四分之三", "3/4"),
        ("8分之1", "1/8"),
        ("百分之75", "3/4"),
        ("百分之七十五", "3/4"),
        ("百分之百", "1"),
        ("5‰", "1/200"),
        (r"12\%", "3/25"),
        ("12 percent", "3/25"),
        ("1又1/2", "3/2"),
        ("一又二分之一", "3/2"),
        ("1 1/2", "3/2"),
        ("1½", "3/2"),
        ("1⁄2", "1/2"),
        ("一半", "1/2"),
        ("半个", "1/2"),
        ("2个半", "5/2"),
        ("1/2年半", "1/2"),
        (r"1\frac{1}{2}", "3/2"),
        ("3：4", "3/4"),
        ("3比4", "3/4"),
        ("三比四", "3/4"),
        ("3∶4", "3/4"),
        ("2:3:4", "2/3:4/3"),
        ("2×10⁸", "200000000"),
        (r"2\times 10^{8}", "200000000"),
        ("10^{-2}", "1/100"),
        ("3^4", "81"),
        ("2**10", "1024"),
        ("2的3次方", "8"),
        ("2的十次幂", "1024"),
        ("1{,}000", "1000"),
        ("1e3", "1000"),
        ("25m²", "25"),
        ("30^\\circ", "30"),
        ("5 apples", "5"),
        ("5 a day", "5"),
        ("3x", "3x"),
        ("10^n", "10^n"),
        ("1e999999999", "1×10^999999999"),
        ("1/0", "1:0/1"),
        (r"\frac{\pi}{4}", "1(π)/(4)"),
        (r"\frac{-3}{4}", "-3/4"),
        (r"\frac{3}{\pi}", "1(3)/(π)"),
        (r"\frac{1e999999999}{2}", "1(1e999999999)/(2)"),
        (r"\frac{3个}{4}", "1(3个)/(4)"),
        (r"\frac{}{4}", "1()/(4)"),
        (r"\frac{3}{}", "1(3)/()"),
    ],
)
def test_one_number_is_read_whole(text, expected):
    assert values(text) == [expected]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("25m2", ["25"]),
        ("3,14", ["3", "14"]),
        ("1、2、3", ["1", "2", "3"]),
        ("30天 - 25天", ["30", "25"]),
        ("甲\n- 3个苹果", ["3"]),
        ("1.2.3", ["6/5"]),
        ("三四个", []),
        ("百分之多少", []),
        ("百分之百5", ["1", "5"]),
        ("四分之三/5", ["3/4", "5"]),
        ("1e999999999/2", ["1×10^999999999", "21e999999999/…"]),
        ("2/1e999999999", ["2", "12/…×10^999999999"]),
        ("5/1/2", ["5", "15/…", "25/1/…"]),
        ("大半个", []),
        ("另一半径", ["1"]),
        ("3个半圆", ["3"]),
        ("三比一般", ["3", "1"]),
    ],
)
def test_what_stands_around_a_number_counts(text, expected):
    assert values(text) == expected


def test_a_date_is_no_fraction():
    assert [found.number.value for found in find_numbers("2023/4/5")] == [2023, 4, 5]


def test_the_last_operand_of_an_expression_is_no_number_of_its_own():
    *_, found = find_numbers("10-3")
    assert (found.number.value, bool(found.number.symbol)) == (Fraction(3), True)


@pytest.mark.parametrize(
    "part", ["1/", "9^", ":1", "(1", "x+", "一百", "\\frac{", "1,", "- ", "1个半", "½", "\\frac{{{"]
)
def test_long_repetitive_texts_are_read_to_their_end(part):
    list(find_numbers(half_width(part * 3000 + "1")))
