"""What a judge writes where a score belongs: `0.8`, `8/10`, `80%`, `1分`, `满分`, `零点八`, and the scale it names."""

import re
from fractions import Fraction
from typing import NamedTuple

DIGITS = {digit: value for value, digit in enumerate("零一二三四五六七八九")} | {"〇": 0, "两": 2}
NUMERAL = "[零〇一二两三四五六七八九十百]{1,9}(?:点[零〇一二三四五六七八九]{1,9})?"
NUMBER = rf"(?:\d{{1,9}}(?:\.\d{{1,18}})?|\.\d{{1,18}}|{NUMERAL})"
UNIT = r"[ \t]*(?:分|points?|pts?)?"
FULL = r"(?:满分|总分)[ \t]*(?:为|是|:)?[ \t]*"
"""Begins the statement of a scale, as in `满分10分`."""
OPEN, CLOSE = r"[\[【(`*_$\"“]*[ \t]*", r"[ \t]*[\]】)`*_$\"”]*"
"""What may stand around a value alone, as in `**0.8**` and `[0.8]`."""
SCALE = rf"""
    [ \t]*(?:
        /[ \t]*(?P<of>{NUMBER})
        | out[ \t]+of[ \t]+(?P<out_of>{NUMBER})
        | [,(][ \t]*(?:{FULL}|out[ \t]of[ \t])(?P<full>{NUMBER}){UNIT}[ \t]*\)?
        | [,(][ \t]*(?P<system>{NUMBER})[ \t]*分制[ \t]*\)?
    )"""
VALUE = re.compile(
    rf"""{OPEN}(?:
        (?P<whole>满分)(?![ \t]*(?:为|是|:)?[ \t]*{NUMBER})
        | 百分之(?P<percent>{NUMBER})
        | (?P<sign>[-−]?)(?P<number>{NUMBER})[ \t]*(?:(?P<sign_after>%)|{UNIT}{CLOSE}(?:{SCALE}{UNIT})?)
    ){CLOSE}""",
    re.VERBOSE | re.IGNORECASE,
)
ANOTHER = re.compile(rf"[ \t]*(?:-|~|–|—|至|到|或|or\b)[ \t]*{OPEN}(?P<number>{NUMBER}){UNIT}(?P<between>[ \t]*之间)?")
"""A second value after the first, as in `0.7-0.8`."""
END = re.compile(
    r"(?!,?\d)(?!\.\d)(?:$|[\s。,.;:!?()、|<*_—-]|理由|原因|因为|解释|说明|评语|评价|reason)", re.IGNORECASE
)
"""What may follow a value: `0.8左右` and `1个` are none."""

WIDE_POINT = re.compile(r"(?<![.\d])\d。\d+(?![\d.、)])")
"""A full stop where a decimal point belongs: `0。8` is not 0. What follows may be the first number of a list."""


class Value(NamedTuple):
    """What stands where a score belongs.

    Attributes:
        scores: one value, or two that are named as alternatives; as parts of the highest score.
        end: index of the first character after it.
    """

    scores: tuple[Fraction, ...]
    end: int


def read_value(text: str, start: int, scale: Fraction | None = None) -> Value | None:
    """Read the value that begins at `start`; None when there is none.

    Args:
        text: in NFKC.
        start: index of its first character.
        scale: the highest score, where it is stated before the value.
    """
    found = VALUE.match(text, start)
    if not found:
        return None
    score = _score(found, scale)
    if score is None:
        return None
    if (other := ANOTHER.match(text, found.end())) and found["number"]:
        # `分数:0到1之间` repeats what was asked
        return None if other["between"] else Value((score, _number(other["number"])), other.end())
    end = start + len(found[0].rstrip())
    ends = END.match(text, found.end()) and not WIDE_POINT.match(text, found.end() - 1)
    return Value((score,), end) if ends else None


def read_scale(text: str) -> Fraction | None:
    """Return the highest score that words like `满分10分` or `0-1` state, None when they state none."""
    found = re.search(rf"(?:{FULL}|0[ \t]*[-~–到至][ \t]*|out of )({NUMBER})", text)
    return _number(found[1]) if found else None


def _score(found: re.Match[str], scale: Fraction | None) -> Fraction | None:
    if found["whole"]:
        return Fraction(1)
    if found["percent"]:
        return _number(found["percent"]) / 100
    number = _number(found["number"]) * (-1 if found["sign"] else 1)
    if found["sign_after"]:
        return number / 100
    stated = found["of"] or found["out_of"] or found["full"] or found["system"]
    most = _number(stated) if stated else scale or Fraction(1)
    return number / most if most else None


def _number(text: str) -> Fraction:
    if text[0].isdigit() or text[0] == ".":
        return Fraction(text)
    whole, _, decimals = text.partition("点")
    tail = "".join(str(DIGITS[digit]) for digit in decimals)
    return _whole(whole) + (Fraction(f"0.{tail}") if tail else 0)


def _whole(text: str) -> Fraction:
    """Read a Chinese numeral below a thousand; digits one after the other, as in `一〇〇`, are read as written."""
    if not set(text) & {"十", "百"}:
        return Fraction("".join(str(DIGITS[digit]) for digit in text))
    total, digit = 0, None
    for character in text:
        if character in DIGITS:
            digit = DIGITS[character]
        else:
            total += (1 if digit is None else digit) * (10 if character == "十" else 100)
            digit = None
    return Fraction(total + (digit or 0))
