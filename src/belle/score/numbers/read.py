r"""Read the longest number at a place of a text: 1又1/2, 2个半, 3:4, 75%, and what `fractions` and `plain` read."""

import re
from fractions import Fraction

from belle.score.numbers.fractions import SHARES, read_fraction
from belle.score.numbers.number import Number, quotient
from belle.score.numbers.plain import Term, read_plain

AND = re.compile(r"\s*又\s*|(?=\\[cdt]?frac)| (?=\d+/\d)")
AND_A_HALF = re.compile(r"(?:[个年天斤倍]|小时)半(?![径圆球价数成天])")
RATIO = re.compile(r"\s*[:比]\s*(?=[\d.])|比(?=一(?![般样些])|[二两三四五六七八九十百])")
SHARE = re.compile(r"\s*(?:\\?([%‰])|(percent)\b)")


def read_number(text: str, start: int) -> Term | None:
    """Return the longest number that starts at `start` of a text without full-width characters, or None."""
    term = read_fraction(text, start) or read_plain(text, start)
    if term is None:
        return None
    term = _ratio(text, _mixed(text, term))
    share = SHARE.match(text, term.end)
    if share is None:
        return term
    return Term(term.number._replace(value=term.number.value / SHARES[share[1] or share[2]]), share.end())


def _mixed(text: str, whole: Term) -> Term:
    """Add the fraction of a mixed number."""
    if not whole.plain or whole.number.value.denominator != 1:
        return whole
    if half := AND_A_HALF.match(text, whole.end):
        return Term(Number(whole.number.value + Fraction(1, 2)), half.end())
    joint = AND.match(text, whole.end)
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
