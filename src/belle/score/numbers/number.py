"""What a number is worth: an exact value, and the part that has none here, as the π of 5π."""

import re
from fractions import Fraction
from typing import NamedTuple

MAX_BITS = 20_000
"""A power with more bits stays a symbol: 9^9^9 would fill the memory."""

_NOTHING = re.compile(r"[\s{}×*·]|\\(?:times|cdot)")


class Number(NamedTuple):
    """A number: equal to another when both parts are."""

    value: Fraction
    symbol: str = ""
    """What it is multiplied with or part of; empty for a plain number."""


def power(base: Fraction, exponent: int) -> Number:
    """Return base ** exponent, as a symbol where that is too large or does not exist."""
    bits = max(base.numerator.bit_length(), base.denominator.bit_length()) * abs(exponent)
    if bits > MAX_BITS or (base == 0 and exponent < 0):
        return Number(base, f"^{exponent}")
    return Number(base**exponent)


def quotient(values: list[Fraction]) -> Number:
    """Return a/b for a fraction or a ratio; the other parts of a:b:c, also divided by b, are its symbol."""
    first, second, *others = values
    if second == 0:
        return Number(first, "".join(map(_part, values[1:])))
    return Number(first / second, "".join(_part(value / second) for value in others))


def _part(value: Fraction) -> str:
    # hexadecimal, for Python writes no decimal integers of more than 4300 digits
    return f":{value.numerator:x}/{value.denominator:x}"


def symbol_of(text: str) -> str:
    r"""Write a symbol in one way: 2 \times \pi as 2π."""
    return _NOTHING.sub("", text.replace("\\pi", "π").replace("\\sqrt", "√"))
