"""Chinese numerals, also mixed with digits: 一百二十, 两千零五, 三点五, 1.2亿, 3万5千."""

import re
from decimal import Decimal
from fractions import Fraction

VALUES = {character: value for value, character in enumerate("零一二三四五六七八九")} | {"〇": 0, "两": 2}
SMALL_UNITS = {"十": 10, "百": 100, "千": 1000}
LARGE_UNITS = {"万": 10**4, "亿": 10**8}

_DIGITS = r"(?:(?:\d{1,3}(?:[,，]\d{3})+(?!\d)|\d+)(?:\.\d+)?|\.\d+)"
# 3千克 are 3 kilograms, 3百 and 100万 are numbers
_THOUSAND = "千(?![克米瓦卡升赫伏帕焦])"
_UNIT = rf"(?:[百万亿]|{_THOUSAND})"
_ONE = "[一二两三四五六七八九]"
_SECTION = rf"(?=[十一二两三四五六七八九])(?:{_ONE}{_THOUSAND}[零〇]?)?(?:{_ONE}百[零〇]?)?(?:{_ONE}?十)?{_ONE}?"
# well-formed and alone: the 三 of 三四个 is none
_CHINESE = (
    rf"(?:{_SECTION}(?:[万亿]+[零〇]?(?:{_SECTION})?)*|[零〇])(?:点[零〇一二三四五六七八九]+)?"
    rf"(?![零〇一二两三四五六七八九十百万亿]|{_THOUSAND})"
)

NUMERAL = re.compile(rf"{_DIGITS}(?:{_UNIT}+(?:{_DIGITS}{_UNIT}+)*)?|{_CHINESE}")
"""1,000 or 1，000, .5, 3万5千, 一百二十, 三点五; the caller sees to what stands before it."""
_TOKEN = re.compile(rf"{_DIGITS}|.")


def numeral_value(text: str) -> Fraction:
    """Return the value of what NUMERAL matches."""
    whole, _, decimals = text.partition("点")
    return _whole(whole) + sum(Fraction(VALUES[digit], 10**place) for place, digit in enumerate(decimals, 1))


def _whole(text: str) -> Fraction:
    """Add up the sections: 十, 百, 千 multiply the digit before them, 万 and 亿 everything since a larger unit."""
    total, section, digit, unit = Fraction(0), Fraction(0), Fraction(0), 1
    for token in _TOKEN.findall(text):
        if token in SMALL_UNITS:
            unit = SMALL_UNITS[token]
            section, digit = section + (digit or 1) * unit, Fraction(0)
        elif token in LARGE_UNITS:
            unit = LARGE_UNITS[token]
            lower = total % unit
            total, section, digit = total - lower + (lower + section + digit) * unit, Fraction(0), Fraction(0)
        elif token in VALUES:
            digit = Fraction(VALUES[token])
            unit = unit if digit else 1
        else:
            # int and Fraction refuse a text of more than 4300 digits, Decimal does not
            digit = Fraction(Decimal(token.replace(",", "").replace("，", "")))
    # 一百二 is 120 and 三万五 is 35000, but 一百零二 is 102
    return total + section + (digit * unit / 10 if unit > 10 else digit)
