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
WHOLE = rf"(?:[1-9]\d{{0,8}}(?!\.?\d)|{NUMERAL})"
"""A scale of words: `得分:0.4,总分:0.4` states none."""
OPEN, CLOSE = r"[\[【(`*_$\"“]*[ \t]*", r"[ \t]*[\]】)`*_$\"”]*"
"""What may stand around a value alone, as in `**0.8**` and `[0.8]`."""
SCALE = rf"""
    [ \t]*(?:
        /[ \t]*(?P<of>{NUMBER})
        | out[ \t]+of[ \t]+(?P<out_of>{NUMBER})
        | [,(。;\n][ \t]*(?:{FULL}|out[ \t]of[ \t])(?P<full>{WHOLE})(?:\.0+)?{UNIT}[ \t]*\)?
        | [,(][ \t]*(?:总|一)?共[ \t]*(?P<all>{WHOLE})[ \t]*分[ \t]*\)?
        | [,(][ \t]*(?P<system>{WHOLE})[ \t]*(?:分制|分?满分)[ \t]*\)?
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
    r"(?!,?\d)(?![ \t]*\.[ \t]*\d)(?:$|[\s。,.;:!?()、|<}*_—–-]|理由|原因|因为|解释|说明|评语|评价|reason"
    r"|(?<=[ \t])(?:for|because|since|as|on|overall|based|due|given|with)\b)",
    re.IGNORECASE,
)
"""What may follow a value: `0.8左右` and `1个` are none."""

STATED = re.compile(
    rf"(?:满分|总分)[ \t]*(?:为|是|:)?[ \t]*(?P<full>{WHOLE})|(?P<system>{WHOLE})[ \t]*(?:分制|级制)"
    rf"|(?:out of|scale (?:of|from)(?: \d+ ?(?:to|-|–))?) ?(?P<out_of>{WHOLE})|(?P<point>{WHOLE})-point scale",
    re.IGNORECASE,
)
"""A scale that a sentence speaks of."""
NEAR = 30
"""Characters before and after a value in which another scale makes it doubtful."""

WIDE_POINT = re.compile(r"(?<![.\d])\d。\d+(?![\d.、)])")
"""A full stop where a decimal point belongs: `0。8` is not 0. What follows may be the first number of a list."""


class Value(NamedTuple):
    """What stands where a score belongs.

    Attributes:
        scores: one value, or two that are named as alternatives; as parts of the highest score.
        end: index of the first character after it.
        scaled: whether it brings its own scale, as `8/10` and `80%` do.
    """

    scores: tuple[Fraction, ...]
    end: int
    scaled: bool = False


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
        highest = _number(other["number"])
        # `分数:0到1之间` repeats what was asked
        is_scale = other["between"] or (score == 0 and highest in (1, 5, 10, 100))
        return None if is_scale else Value((score, highest), other.end())
    end = start + len(found[0].rstrip())
    ends = END.match(text, found.end()) and not WIDE_POINT.match(text, found.end() - 1)
    return Value((score,), end, _stated(found) is not None) if ends else None


def read_scale(text: str) -> Fraction | None:
    """Return the highest score that words like `满分10分` or `0-1` state, None when they state none."""
    found = re.search(rf"(?:{FULL}|0[ \t]*[-~–到至][ \t]*|out of )({NUMBER})", text)
    return _number(found[1]) if found else None


def other_scale(text: str, start: int, value: Value) -> tuple[Fraction, ...]:
    """Return the scores of a value, both ways to read it where its line or the words before speak of another scale.

    Args:
        text: in NFKC.
        start: index of the first character that belongs to the value.
        value: what was read without a scale that was stated before.
    """
    if value.scaled:
        return value.scores
    around = text[max(0, start - NEAR) : start] + "|" + text[value.end : value.end + NEAR].partition("\n")[0]
    scales = {_number(number) for found in STATED.finditer(around) for number in found.groups() if number}
    return (*value.scores, *(score / scale for score in value.scores for scale in scales - {0, 1}))


def _score(found: re.Match[str], scale: Fraction | None) -> Fraction | None:
    if found["whole"]:
        return Fraction(1)
    if found["percent"]:
        return _number(found["percent"]) / 100
    number = _number(found["number"]) * (-1 if found["sign"] else 1)
    if found["sign_after"]:
        return number / 100
    stated = _stated(found)
    most = _number(stated) if stated else scale or Fraction(1)
    return number / most if most else None


def _stated(found: re.Match[str]) -> str | None:
    """Return the highest score that stands beside a value."""
    own = "1" if found["whole"] or found["percent"] or found["sign_after"] else None
    return own or found["of"] or found["out_of"] or found["full"] or found["all"] or found["system"]


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
