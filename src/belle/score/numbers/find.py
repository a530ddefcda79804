"""Find the numbers in a text, with what stands around them: a sign, or an expression that they are a part of."""

import re
import unicodedata
from collections.abc import Iterator
from typing import NamedTuple

from belle.score.numbers.number import Number, symbol_of
from belle.score.numbers.plain import Term
from belle.score.numbers.read import read_number

# NFKC would be too much: it turns the exponent of 25m² into a digit. The comma stays, it may separate items.
HALF_WIDTH = {code: chr(code - 0xFEE0) for code in range(0xFF01, 0xFF5F) if chr(code) != "，"}
HALF_WIDTH |= dict.fromkeys(map(ord, "−–‐‑"), "-") | dict.fromkeys(
    map(ord, "\N{NO-BREAK SPACE}\N{IDEOGRAPHIC SPACE}"), " "
)
HALF_WIDTH |= dict.fromkeys(map(ord, "⁄∕"), "/") | {ord("∶"): ":"}
HALF_WIDTH |= dict.fromkeys([0x200B, 0x200C, 0x200D, 0x2060, 0xFEFF], "")
# 1½ is 1 1/2
HALF_WIDTH |= {
    code: " " + unicodedata.normalize("NFKC", chr(code)).replace("⁄", "/")
    for code in (*range(0xBC, 0xBF), *range(0x2150, 0x215F))
}

START = re.compile(r"\\[cdt]?frac(?=\s*[{\d])|\d|\.(?=\d)|[零〇一二两三四五六七八九十百千万]|半(?=个|小时)")
# the 2 of m2, the 3 of 1.2.3
INSIDE_WORD = re.compile(r"[A-Za-z_\d]$|\d\.$")
INSIDE_DOTS = re.compile(r"[\w.]$")
INSIDE_NUMERAL = re.compile(r"[零〇一二两三四五六七八九十百千万亿]$")

_OPERATOR = r"(?:[-+×*/÷·~^]|\\times|\\cdot|\\div)"
_LETTER = r"(?<![A-Za-z])[A-Za-z](?![A-Za-z])"
# units such as m, g, s, h, t, d and l are no variables
_VARIABLE = r"[abcefiknpqrxyz](?![A-Za-z])"
TAIL = re.compile(
    rf"(?:\s*{_OPERATOR}\s*)?(?:\s*(?:π|\\pi|pi\b|√|\\sqrt)|{_VARIABLE})[A-Za-z\d^{{}}\\√π⁰¹²³⁴⁵⁶⁷⁸⁹/×*·]*"
    r"|\^\{?[A-Za-z\d]+(?:\.\d+)?"
)
"""What makes a number before it a part of an expression: π, √2, x, +x, ^n."""
HEAD = re.compile(
    rf"(?:(?:(?<![A-Za-z])[A-Za-z]|\\[a-z]+|[\d)}}\]%π²³])\s*{_OPERATOR}|[A-Za-z]{_OPERATOR}|√|\\sqrt|π)\s*[({{]?\s*$"
)
"""What makes a number after it a part of an expression: 3+, (2)-, π/, x -, √; a word as in `is -3` does not."""
RUN = re.compile(rf"(?:(?:{_LETTER}|\\[a-z]+|[\d.()\[\]{{}}%√π²³]|{_OPERATOR})\s*)+$")
SIGN = re.compile(r"(?:([-+])\s*|(负的?\s*|零下\s*))$")
# the minus of 30天 - 25天 subtracts, that of 得 - 3 is a sign
SUBTRACTION = re.compile(r"\d\s*[^\W\d是为得于到有等]{0,3}\s*[-+]\s*$")
BULLET = re.compile(r"\n[ \t]*[-+][ \t]+$")
WINDOW = 40
"""Characters before a number that decide on it."""


class Found(NamedTuple):
    """A number and the place of its text, text[start:end], without a sign."""

    number: Number
    start: int
    end: int


def half_width(text: str) -> str:
    """Make full-width characters half-width, but for the comma, every blank a space, ½ 1/2 and 1{,}000 1,000."""
    return text.translate(HALF_WIDTH).replace("{,}", ",")


def find_numbers(text: str) -> Iterator[Found]:
    """Yield the numbers of a `half_width` text in order."""
    position = 0
    while match := START.search(text, position):
        start, position = match.start(), match.end()
        term = None if _is_inside(text, start) else read_number(text, start)
        if term:
            position = max(term.end, position)
            yield _in_context(text, start, term)


def _is_inside(text: str, start: int) -> bool:
    before = INSIDE_DOTS if text[start] == "." else INSIDE_WORD if text[start].isascii() else INSIDE_NUMERAL
    return before.search(text[max(0, start - 2) : start]) is not None


def _in_context(text: str, start: int, term: Term) -> Found:
    """Add the sign of a number, or the symbol of the expression that it is a part of."""
    before, tail = text[max(0, start - WINDOW) : start], TAIL.match(text, term.end)
    value, symbol = term.number
    end = tail.end() if tail else term.end
    symbol += symbol_of(tail[0]) if tail else ""
    sign = SIGN.search(before)
    if HEAD.search(before):
        run = RUN.search(before)
        symbol = f"{symbol_of(run[0]) if run else ''}…{symbol}"
    elif sign and sign[1] != "+" and not (sign[1] and (SUBTRACTION.search(before) or BULLET.search(before))):
        value = -value
    return Found(Number(value, symbol), start, end)
