"""The patterns by which a judge names its verdict: a label before a value (`得分:`), or a verb (`我给0.8分`).

Either stands where a clause begins, so that `流畅性得分` and `模型回答说得分` name none.
"""

import re
from collections.abc import Iterator
from fractions import Fraction
from typing import NamedTuple

from belle.judge.quoted import MASK
from belle.judge.values import other_scale, read_scale, read_value

ANCHOR = r"(?:^|(?<=[。!?;,(、])|(?<=[.][. ]))"
MARKS = rf"(?:[^\w\n{MASK}>\"'“”‘’「」『』`]|_){{0,12}}"
"""Bullets, emphasis, brackets, emoji and the edge of a table; no quotation, masked or not."""
NUMBERING = rf"(?:(?:\d{{1,2}}|[一二三四五六七八九十]{{1,3}})[.)、]{MARKS})?"
CONCLUSION = r"""(?:(?:综上所述|综上|综合以上|综合来看|综合考虑|因此|所以|故|总之|总的来说|总体来说|结论|评估结果
    |评价结果|最终结果|结果|therefore|thus|overall|in[ ]summary|in[ ]conclusion|conclusion|result|so)
    [ \t]{0,4}[,:]?[ \t]{0,4})?"""
ANSWER = r"""(?:对|针对|对于)?(?:该|此|这个|这道|本|上述|以上)?(?:模型)?(?:的)?(?:回答|答案|回复|题)?(?:的)?"""
ENGLISH_ANSWER = r"(?:the|this)(?:[ ]model(?:'s)?)?[ ](?:answer|response|reply)"
LABEL = re.compile(
    rf"""{ANCHOR}{MARKS}{NUMBERING}{CONCLUSION}
    (?:我|本人)?(?:最终|会|将)?(?:给出|给予|给)?(?:的)?{ANSWER}
    (?:(?:修改|修正|调整|更正|复核)后(?:的)?)?(?:最终|最后|综合|总体|整体|总|平均|加权)?(?:的)?
    (?:(?:the|my|final|overall|total|average|revised|updated|corrected|adjusted)[ \t]+){{0,3}}
    (?P<label>(?:评估|评测)?得[ ]?分|评分|評分|分数|分數|打分|给分|(?P<total>总分)|score|rating)(?:结果|情况)?
    (?:[ ](?:for|of)[ ]{ENGLISH_ANSWER})?[】〕》\])>]?[*_ \t]*
    (?P<scale>\([^()\n]{{1,24}}\))?
    (?P<between>[*_ \t]*(?:应当|应该|应)?(?:(?:改|调整|修正|更正|评|定)?为|是|is\b|of\b)?[*_ \t]*
    (?:[:=|→]|—{{1,2}}|–|-[ ])?[*_ \t]*(?:\n\s*)?)""",
    re.VERBOSE | re.MULTILINE | re.IGNORECASE,
)
VERB = re.compile(
    rf"""{ANCHOR}{MARKS}{NUMBERING}{CONCLUSION}(?P<verb>(?:我|本人)?(?:认为)?(?:最终|会|将|决定|可以|应该|应|可|共){{0,2}}
    (?:给|为)?{ANSWER}(?:最终|应|可|共)?(?:给予|给出|给|打出|打|评为|判为|得到|得|改为|改成|调整为|修正为|更正为)(?:了|出)?{ANSWER}
    |I(?:'d|'ll|[ ]would|[ ]will)?[ ](?:give|rate|score|award|assign|grade)
    (?:[ ](?:it|{ENGLISH_ANSWER}|this))?(?:[ ](?:as|at|with))?
    (?:[ ]an?)?(?:[ ](?:final|overall|total))?(?:[ ]score)?(?:[ ]of)?[ ])[*_ \t]*""",
    re.VERBOSE | re.MULTILINE | re.IGNORECASE,
)
SUPPOSED = re.compile(r"如果|假如|假设|倘若|要是|若|否则|本可|\bif\b|\bhad\b", re.IGNORECASE)
"""What a sentence says that gives a score under a condition."""
REPORTED = re.compile(
    r"(?:写道?|写着|写了|说|声称|宣称|自称|要求|注明|标注|显示|says?|claims?|states?|wrote)[ \t]*,\W*\Z"
)
"""Ends what leads to the words of somebody else."""
SENTENCE_END = re.compile(r"[。!?;\n]")
LONGEST_ITEM = 500
"""Characters in which the next number of a list is looked for."""
WITH_UNIT = re.compile(r"分|/|%|\d.*\bout of\b|[a-z]", re.IGNORECASE)


class Named(NamedTuple):
    """A value that is named as a verdict.

    Attributes:
        scores: the value; several when it may be read in several ways.
        start: index of the label or verb.
        end: index of the first character after the value.
    """

    scores: tuple[Fraction, ...]
    start: int
    end: int


def named_values(words: str) -> Iterator[Named]:
    """Yield the values that a judge names in its own words, those of labels first.

    Args:
        words: as `own_words` returns them.
    """
    for read, pattern in ((_labeled, LABEL), (_given, VERB)):
        end = 0
        for found in pattern.finditer(words):
            # what stands inside a value is its scale, as in `0.8分，总分1分`
            is_reported = REPORTED.search(words[max(0, found.start() - 20) : found.start()])
            if found.start() >= end and not is_reported and (named := read(words, found)):
                end = named.end
                yield named


def _labeled(words: str, label: re.Match[str]) -> Named | None:
    """Return the value after a label; none where a numbered list begins there, or an object breaks off with it."""
    if label["total"] and not _is_total(words, label):
        return None
    scale = read_scale(label["scale"] or "")
    value = read_value(words, label.end(), scale)
    if not value or _begins_list(words, label.end(), value.end, below="\n" in label["between"]):
        return None
    start = label.start("label")
    if not words[value.end :].strip() and words.count("{", 0, start) > words.count("}", 0, start):
        return None
    return Named(value.scores if scale else other_scale(words, start, value), start, value.end)


def _begins_list(words: str, start: int, end: int, below: bool) -> bool:
    """Return whether what was read as a value numbers the first item of a list, below a label or behind it."""
    if below:
        return words[end : end + 1] in (".", "、", ")")
    number = words[start:end].strip()
    if not (number.isdecimal() and re.match(r"[.、][ \t]*\S", words[end : end + LONGEST_ITEM])):
        return False
    return re.search(rf"(?<![\d.]){int(number) + 1}[.、](?!\d)", words[end : end + LONGEST_ITEM]) is not None


def _is_total(words: str, label: re.Match[str]) -> bool:
    """Return whether `总分` is what was reached: `总分1分` and `(总分:1)` state a scale."""
    begins_line = words[: label.start()][-1:] in ("", "\n", "。")
    return begins_line and (bool(re.search("[:=|]", label["between"])) or words[label.end() : label.end() + 1] == "0")


def _given(words: str, verb: re.Match[str]) -> Named | None:
    """Return the value after a verb; none without a unit, or under a condition."""
    value, start = read_value(words, verb.end()), verb.start("verb")
    if not value or not WITH_UNIT.search(words[start : value.end]):
        return None
    sentence = SENTENCE_END.split(words[max(0, start - 200) : start])[-1]
    return None if SUPPOSED.search(sentence) else Named(other_scale(words, start, value), start, value.end)
