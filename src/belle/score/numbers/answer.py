r"""Which number of a text is its answer: the one after 答案, 因此, \boxed and their like, else the last."""

import re

from belle.score.numbers.find import Found, find_numbers, half_width
from belle.score.numbers.fractions import BRACED
from belle.score.numbers.list_marks import LIST_MARK
from belle.score.numbers.number import Number

BOLD = re.compile(r"(?<![\d)])\*\*|\*\*(?![\d(])")
BROKEN_LINE = re.compile(r":[ \t]*\n\s*")

BOXED = re.compile(rf"\\boxed\s*{BRACED}|#### *(.+)")
MARK = re.compile(
    r"(?:(?<![解回])答(?:案)?\s*(?::|应?该?就?[是为=]|约[是为]?)|因此|(?<!之)所以|(?:^|(?<=[\s,，。;]))故(?![事意障乡宫])|综上所?述?|也就是说|最[终后]的?结果(?=[是为:])"
    r"|\banswer\s*(?:is|:|=)|\b(?:therefore|thus|hence|so)\b)[\s:,，]*",
    re.IGNORECASE,
)
SENTENCE_END = re.compile(r"[。!?;\n]|\.(?!\d)")
PART_END = re.compile(r"(?<!\d)[,，]|[,，](?!\d)")
TOTAL = re.compile("共|合计|总计")
# 12岁（小红是10岁）
REMARK = re.compile(r"(?<!\\)\([^()\n]*(?:\)|$)")
# 用9节车厢才能装完500吨, 付39元来买6千克: the number before says what was asked
PURPOSE = re.compile("才能|才可以|来(?=[购买覆铺装放付])")

LEAD = re.compile(r"(?:^|[是为得有共剩下要约负:=\s])$")
LEAD_OF_ONE = re.compile(r"(?:^|[剩下共负:=])$")
WORD = re.compile(
    "一(?:共|些|样|般|定|起|直|种|步|点(?![零〇一二三四五六七八九])|切|旦|方面)|十分|两(?:者|种|边|方)|零[食件钱花售部下]|[三四五六七八九](?:角|边形)"
)
"""Words that begin with a numeral and count nothing."""


def answer_number(text: str) -> Number | None:
    """Return the number that a text gives as its answer, or None.

    The last conclusion with a number decides; of its parts between commas the first with a number, or the last that
    says 共 (altogether); of several numbers there the last, or the last before a purpose (才能, 来买). A last line
    that is a number alone comes before conclusions, and a box before everything. Without a conclusion it is the
    last number.
    """
    text = BROKEN_LINE.sub(":", BOLD.sub("", LIST_MARK.sub("", half_width(text))))
    found = _boxed(text) or _only_number(text) or _concluded(text) or _outside(text)
    return found[-1].number if found else None


def _numbers(text: str) -> list[Found]:
    return [found for found in find_numbers(text) if _counts(text, found)]


def _outside(text: str) -> list[Found]:
    """Return the numbers outside parentheses, or all of them when there is none."""
    found, remarks = _numbers(text), [remark.span() for remark in REMARK.finditer(text)]
    return [one for one in found if not any(start < one.start < end for start, end in remarks)] or found


def _counts(text: str, found: Found) -> bool:
    """Whether this is a number and not a word: an ordinal (第三) or a numeral alone (一起, 三角形) is none."""
    written, before = text[found.start : found.end], text[max(0, found.start - 1) : found.start]
    if re.search(r"[\d\\分半]", written):
        return True
    if before == "第" or WORD.match(text, found.start):
        return False
    return len(written) > 1 or (LEAD_OF_ONE if written == "一" else LEAD).search(before) is not None


def _boxed(text: str) -> list[Found]:
    boxes = list(BOXED.finditer(text))
    return _numbers(boxes[-1][1] or boxes[-1][2] or "") if boxes else []


def _only_number(text: str) -> list[Found]:
    """Return the number of a last line that holds nothing else."""
    line = text.strip().rpartition("\n")[2]
    found = _numbers(line)
    rest = line[: found[0].start] + line[found[0].end :] if len(found) == 1 else line
    return [] if re.search(r"[^\W负]", rest) else found


def _concluded(text: str) -> list[Found]:
    """Return the numbers of the last conclusion that has some, up to the one that answers."""
    end = len(text)
    for mark in reversed(list(MARK.finditer(text))):
        sentence = SENTENCE_END.search(text, mark.end(), end)
        if found := _decisive(text[mark.end() : sentence.start() if sentence else end]):
            return found
        end = mark.start()
    return []


def _decisive(clause: str) -> list[Found]:
    """Return the numbers of the part of a clause that answers, without those of a purpose."""
    parts = [part for part in PART_END.split(clause) if _numbers(part)]
    if not parts:
        return []
    part = next((one for one in reversed(parts) if TOTAL.search(one)), parts[0])
    found = _outside(part)
    purpose = PURPOSE.search(part, found[0].end)
    return [one for one in found if not purpose or one.end <= purpose.start()]
