r"""Read a fraction: 3/4, \frac{3}{4}, \frac34, 四分之三, 百分之五十, 一半, 半个."""

import re
from fractions import Fraction

from belle.score.numbers.number import Number, quotient, symbol_of
from belle.score.numbers.plain import Term, read_plain

# braces in braces in braces: \frac{\sqrt{3}}{2}
BRACED = r"\{((?:[^{}]|\{(?:[^{}]|\{[^{}]*\})*\})*)\}"
COMMAND = re.compile(rf"\\[cdt]?frac\s*(?:{BRACED}|(\d))\s*(?:{BRACED}|(\d))")
PARTS = re.compile(r"\s*分之\s*")
HUNDREDTHS = re.compile(r"([百千万])\s*分之\s*")
SHARES = {"百": 100, "千": 1000, "万": 10**4, "%": 100, "‰": 1000, "percent": 100}
SLASH = re.compile(r"\s*/\s*(?=[\d.])")
DATE = re.compile(r"\s*/\s*\d")
HALF = re.compile(r"一半(?![径圆球])|(?<![大小多])半(?=个|小时)")


def read_fraction(text: str, start: int) -> Term | None:
    r"""Return a half, \frac{a}{b}, b分之a or a/b."""
    if half := HALF.match(text, start):
        return Term(Number(Fraction(1, 2)), half.end())
    if command := COMMAND.match(text, start):
        above, one_above, below, one_below = command.groups()
        return Term(_of_command(above or one_above or "", below or one_below or ""), command.end())
    if share := HUNDREDTHS.match(text, start):
        part = _hundred(text, share.end()) or read_plain(text, share.end())
        return Term(quotient([part.number.value, Fraction(SHARES[share[1]])]), part.end) if part else None
    return _of_two(text, start)


def _of_two(text: str, start: int) -> Term | None:
    """Return b分之a or a/b."""
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
    first, second = _value(above.strip()), _value(below.strip())
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
