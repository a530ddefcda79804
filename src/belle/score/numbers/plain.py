"""Read a numeral with its power: 12, 1.5e3, 2×10^8, 10³, 10的3次方, 100万."""

import re
from fractions import Fraction
from typing import NamedTuple

from belle.score.numbers.number import Number, power
from belle.score.numbers.numerals import NUMERAL, numeral_value

EXPONENTS = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹⁻⁺二三四五六七八九负", "0123456789-+23456789-") | {ord("十"): "10"}
# a longer exponent stays a symbol, and so does a fractional one
POWER = re.compile(
    r"(?:\^|\*\*)\s*(?:\{\s*(?P<braced>[-+]?\d{1,9})\s*\}|(?P<digits>[-+]?\d{1,9})(?!\d|\.\d))"
    r"|(?P<raised>[⁻⁺]?[⁰¹²³⁴⁵⁶⁷⁸⁹]{1,9})"
    r"|\s*的\s*(?P<words>[-负]?(?:\d{1,9}|[二三四五六七八九十]))\s*次[方幂]"
)
EXPONENT = re.compile(r"[eE]([-+]?\d{1,9})(?!\w)")
TEN = re.compile(r"\s*(?:[×xX*·]|\\times|\\cdot)\s*10(?=\^|\*\*|[⁻⁺⁰¹²³⁴⁵⁶⁷⁸⁹]|\s*的)")


class Term(NamedTuple):
    """A number, and where its text ends."""

    number: Number
    end: int

    @property
    def plain(self) -> bool:
        """Whether it has a value alone."""
        return not self.number.symbol


def read_plain(text: str, start: int) -> Term | None:
    """Return a numeral with its power or power of ten."""
    numeral = NUMERAL.match(text, start)
    if numeral is None:
        return None
    value, end = numeral_value(numeral[0]), numeral.end()
    if exponent := POWER.match(text, end):
        return Term(power(value, _exponent(exponent)), exponent.end())
    if exponent := EXPONENT.match(text, end):
        return Term(_shifted(value, int(exponent[1])), exponent.end())
    ten = TEN.match(text, end)
    if ten and (exponent := POWER.match(text, ten.end())):
        return Term(_shifted(value, _exponent(exponent)), exponent.end())
    return Term(Number(value), end)


def _exponent(match: re.Match[str]) -> int:
    return int(match[match.lastgroup or 0].translate(EXPONENTS))


def _shifted(value: Fraction, exponent: int) -> Number:
    """Return value × 10^exponent."""
    ten = power(Fraction(10), exponent)
    return Number(value, f"×10{ten.symbol}") if ten.symbol else Number(value * ten.value)
