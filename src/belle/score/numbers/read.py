r"""Read the number at a place of a text: 3/4, \frac{3}{4}, 1又1/2, 四分之三, 3:4, 75%, 2×10^8, 1e3, 100万."""

import re
from fractions import Fraction
from typing import NamedTuple

from belle.score.numbers.number import Number, power, quotient, symbol_of
from belle.score.numbers.numerals import NUMERAL, numeral_value

SUPERSCRIPTS = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹⁻⁺", "0123456789-+")
# a longer exponent stays a symbol, and so does a fractional one
POWER = re.compile(r"(?:\^|\*\*)\s*(?:\{\s*([-+]?\d{1,9})\s*\}|([-+]?\d{1,9})(?!\d|\.\d))|([⁻⁺]?[⁰¹²³⁴⁵⁶⁷⁸⁹]{1,9})")
EXPONENT = re.compile(r"[eE]([-+]?\d{1,9})(?!\w)")
TEN = re.compile(r"\s*(?:[×xX*·]|\\times|\\cdot)\s*10(?=\^|\*\*|[⁻⁺⁰¹²³⁴⁵⁶⁷⁸⁹])")

COMMAND = re.compile(r"\\[dt]?frac\s*\{\s*([^{}]*?)\s*\}\s*\{\s*([^{}]*?)\s*\}")
PARTS = re.compile(r"\s*分之\s*")
HUNDREDTHS = re.compile(r"([百千万])\s*分之\s*")
SLASH = re.compile(r"\s*/\s*(?=[\d.])")
DATE = re.compile(r"\s*/\s*\d")
AND = re.compile(r"\s*又\s*|(?=\\[dt]?frac)| (?=\d+/\d)")
RATIO = re.compile(r"\s*[:比]\s*(?=[\d.])")
PERCENT = re.compile(r"\s*\\?([%‰])")
SHARES = {"百": 100, "千": 1000, "万": 10**4, "%": 100, "‰": 1000}


class Term(NamedTuple):
    """A number, and where its text ends."""

    number: Number
    end: int

    @property
    def plain(self) -> bool:
        """Whether it has a value alone."""
        return not self.number.symbol


def read_number(text: str, start: int) -> Term | None:
    """Return the longest number that starts at `start` of a text without full-width characters, or None."""
    term = read_fraction(text, start) or read_plain(text, start)
    if term is None:
        return None
    term = _ratio(text, _mixed(text, term))
    percent = PERCENT.match(text, term.end)
    if percent is None:
        return term
    return Term(term.number._replace(value=term.number.value / SHARES[percent[1]]), percent.end())


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
    return int((match[1] or match[2] or match[3]).translate(SUPERSCRIPTS))


def _shifted(value: Fraction, exponent: int) -> Number:
    """Return value × 10^exponent."""
    ten = power(Fraction(10), exponent)
    return Number(value, f"×10{ten.symbol}") if ten.symbol else Number(value * ten.value)


def read_fraction(text: str, start: int) -> Term | None:
    r"""Return \frac{a}{b}, b分之a or a/b."""
    if command := COMMAND.match(text, start):
        return Term(_of_command(*command.groups()), command.end())
    if share := HUNDREDTHS.match(text, start):
        part = _hundred(text, share.end()) or read_plain(text, share.end())
        return Term(quotient([part.number.value, Fraction(SHARES[share[1]])]), part.end) if part else None
    first = read_plain(text, start)
    if first is None or not first.plain:
        return None
    parts, slash = PARTS.match(text, first.end), SLASH.match(text, first.end)
    joint = parts or slash
    second = read_plain(text, joint.end()) if joint else None
    if second is None or not second.plain or (slash and _is_date(text, start, second.end)):
        return None
    values = [first.number.value, second.number.value]
    return Term(quotient(values[::-1] if parts else values), second.end)


def _hundred(text: str, start: int) -> Term | None:
    """Return the last word of 百分之百."""
    return Term(Number(Fraction(100)), start + 1) if text.startswith("百", start) else None


def _of_command(above: str, below: str) -> Number:
    """Return the quotient of both parts of a fraction, as a symbol when they are no numbers."""
    first, second = _value(above), _value(below)
    if first is None or second is None:
        return Number(Fraction(1), symbol_of(f"({above})/({below})"))
    return quotient([first, second])


def _value(text: str) -> Fraction | None:
    """Return the value of a text that is one plain number, as 12 or -12, or None."""
    digits = text.removeprefix("-").lstrip()
    term = read_plain(digits, 0)
    if term is None or not term.plain or term.end < len(digits):
        return None
    return -term.number.value if text.startswith("-") else term.number.value


def _is_date(text: str, start: int, end: int) -> bool:
    """Whether a/b is a part of a/b/c."""
    return text[max(0, start - 1) : start] == "/" or DATE.match(text, end) is not None


def _mixed(text: str, whole: Term) -> Term:
    """Add the fraction of a mixed number."""
    joint = AND.match(text, whole.end) if whole.plain and whole.number.value.denominator == 1 else None
    part = read_fraction(text, joint.end()) if joint else None
    if part is None or not part.plain or not 0 < part.number.value < 1:
        return whole
    return Term(Number(whole.number.value + part.number.value), part.end)


def _ratio(text: str, first: Term) -> Term:
    """Add the other parts of a ratio."""
    values, end = [first.number.value], first.end
    while first.plain and (colon := RATIO.match(text, end)):
        part = read_plain(text, colon.end())
        if part is None or not part.plain:
            break
        values.append(part.number.value)
        end = part.end
    return Term(quotient(values), end) if len(values) > 1 else first
