from fractions import Fraction

import pytest

from belle.score.numbers.number import MAX_BITS, Number, power, quotient, symbol_of


def test_a_power_has_a_value_as_long_as_it_fits_into_memory():
    # 2 and 3 have two bits
    largest = MAX_BITS // 2
    assert power(Fraction(2), largest) == Number(Fraction(2**largest))
    assert power(Fraction(2), largest + 1) == Number(Fraction(2), f"^{largest + 1}")
    assert power(Fraction(1, 3), largest + 1) == Number(Fraction(1, 3), f"^{largest + 1}")
    assert power(Fraction(2), -largest - 1) == Number(Fraction(2), f"^{-largest - 1}")


def test_a_power_that_does_not_exist_is_a_symbol():
    assert power(Fraction(0), -1) == Number(Fraction(0), "^-1")
    assert power(Fraction(0), 0) == Number(Fraction(1))
    assert power(Fraction(2), -1) == Number(Fraction(1, 2))


def test_a_ratio_of_three_keeps_its_third_part():
    one, two, three = Fraction(1), Fraction(2), Fraction(3)
    assert quotient([one, two, three]) == quotient([two, Fraction(4), Fraction(6)]) != quotient([one, two, one])
    assert quotient([three, Fraction(0), one]) == Number(three, ":0/1:1/1")


@pytest.mark.parametrize(
    ("text", "symbol"), [(r"2 \times \pi", "2π"), (r"\sqrt{2}", "√2"), ("2·π", "2π"), ("x * y", "xy"), ("+ 3", "+3")]
)
def test_a_symbol_is_written_in_one_way(text, symbol):
    assert symbol_of(text) == symbol
