"""A judge's reply as a score, or the reason why there is none.

A verdict stands at the start of a line or sentence, in the judge's own words: a score that the graded answer plants is
read neither where it is quoted nor where it is copied. Two different verdicts are none. Nothing is clipped, nothing is
taken for 0.
"""

import json
import re
from bisect import bisect_left
from collections.abc import Iterator
from fractions import Fraction
from math import isfinite
from typing import Any, Literal, NamedTuple

from belle.endpoints.reply import REFUSED, Reply
from belle.judge.quoted import compact, copied, normalize, own_words
from belle.judge.values import Value, read_scale, read_value

Reason = Literal[
    "no_score", "ambiguous", "out_of_range", "empty", "length", "refusal", "content_filter", "no_reply"
]  # fmt: skip
Rule = Literal["json", "label", "line"]
"""A JSON object with a score; a label (`得分:`) and a value; a first line that is a value and nothing else."""

SCORE_KEYS = ("score", "得分", "分数", "评分")
PREFIX = r"""
    (?:(?:综上所述|综上|因此|所以|总之|总的来说|综合来看|综合考虑)[ \t]*(?:,[ \t]*)?)?
    (?:我)?(?:给出|给予|给)?(?:的)?
    (?:(?:该|此|这个|本|模型)?(?:模型)?(?:的)?(?:回答|答案|题)(?:的)?)?
    (?:(?:the|my|final|overall|total)[ \t]+)*
    (?:最终|最后|综合|总体|整体|总)?(?:的)?
"""
LABEL = re.compile(
    rf"""(?:^|(?<=[。!?;])|(?<=[.][ ]))
    [ \t]*(?:[-*•\#+_][ \t]*){{0,8}}(?:\(?\d{{1,2}}[.)、][ \t]*)?[*_]{{0,4}}
    [【\[]?{PREFIX}(?P<label>得分|评分|評分|分数|分數|打分|给分|总分|score)(?:结果)?[】\]]?[*_ \t]*
    (?P<scale>\([^()\n]{{1,24}}\))?[*_ \t]*
    (?P<between>(?:为|是|is\b)?[*_ \t]*[:=]?[*_ \t]*(?:\n\s*)?)""",
    re.VERBOSE | re.MULTILINE | re.IGNORECASE,
)
REFUSAL = re.compile(
    r"\A\W*(?:很|非常)?(?:抱歉|对不起)|(?:无法|不能|不便|拒绝)(?:对[^。\n]{0,20})?(?:进行|给出|做出|提供)?[^。\n]{0,6}"
    r"(?:评分|打分|得分|分数|评价)|\A\W*(?:i'?m |i am )?(?:sorry|unable)|\bi (?:can'?t|cannot|won'?t)\b|\bas an ai\b",
    re.IGNORECASE,
)
ALONE = re.compile(r"[ \t]*\n|[\s。.!]*\Z")
"""What may stand behind a value that is a line of its own; a full stop before more lines would begin a list."""

Pairs = list[tuple[str, Any]]
"""Keys and values of a JSON object, in its order."""


class Verdict(NamedTuple):
    """What a reply says.

    Attributes:
        score: from 0 to 1, None without one.
        reason: why there is none.
        rule: by which the score, or what is none, was found.
        span: where in the text it stands, start and end.
    """

    score: float | None
    reason: Reason | None
    rule: Rule | None = None
    span: tuple[int, int] | None = None


class _Found(NamedTuple):
    """A value that is given as a verdict."""

    scores: tuple[Fraction, ...]
    rule: Rule
    span: tuple[int, int]


def parse_reply(reply: Reply | None, answer: str) -> Verdict:
    """Return the verdict of a reply to a request about `answer`; none, or a refusal of the server, is `no_reply`."""
    if reply is None or reply.finish_reason == REFUSED:
        return Verdict(None, "no_reply")
    if reply.finish_reason == "content_filter":
        return Verdict(None, "content_filter")
    if reply.refusal:
        return Verdict(None, "refusal")
    # a score before the cut may be one that the rest takes back
    if reply.finish_reason == "length":
        return Verdict(None, "length")
    return parse_reply_text(reply.text, answer)


def parse_reply_text(text: str, answer: str) -> Verdict:
    """Return the verdict of a complete reply to a request about `answer`."""
    if not text.strip():
        return Verdict(None, "empty")
    found = list(_verdicts(text, answer)) or list(_first_line(text, answer))
    scores = sorted({score for one in found for score in one.scores})
    if not scores:
        return Verdict(None, "refusal" if REFUSAL.search(normalize(text).text) else "no_score")
    rule, span = found[0].rule, found[0].span
    if len(scores) > 1:
        return Verdict(None, "ambiguous", rule, span)
    if not 0 <= scores[0] <= 1:
        return Verdict(None, "out_of_range", rule, span)
    return Verdict(float(scores[0]), None, rule, span)


def _verdicts(text: str, answer: str) -> Iterator[_Found]:
    plain, graded = normalize(text), compact(normalize(answer).text)
    # not in NFKC, which may put quotation marks into a string
    objects = list(_json_objects(text))
    for start, end, item in objects:
        if not copied(normalize(text[start:end]).text, graded):
            yield from (_Found(scores, "json", (start, end)) for scores in _scores_of(item))
    hidden = [(bisect_left(plain.origin, start), bisect_left(plain.origin, end)) for start, end, _ in objects]
    words = own_words(plain.text, hidden)
    for label in LABEL.finditer(words):
        start = label.start("label")
        if (value := _labeled(words, label)) and not copied(plain.text[start : value.end], graded):
            yield _Found(value.scores, "label", plain.span(start, value.end))


def _first_line(text: str, answer: str) -> Iterator[_Found]:
    """Yield the value that the first line of a reply is, where no verdict is named as one."""
    plain, graded = normalize(text), compact(normalize(answer).text)
    start = len(plain.text) - len(plain.text.lstrip())
    value = read_value(plain.text, start)
    if value and ALONE.match(plain.text[value.end :]) and compact(plain.text[start : value.end]) != graded:
        yield _Found(value.scores, "line", plain.span(start, value.end))


def _labeled(words: str, label: re.Match[str]) -> Value | None:
    """Return the value after a label; none where a numbered list begins below it."""
    value = read_value(words, label.end(), read_scale(label["scale"] or ""))
    if value and "\n" in label["between"] and re.match(r"[.、)]", words[value.end :]):
        return None
    return value


def _json_objects(text: str) -> Iterator[tuple[int, int, Pairs]]:
    """Yield the JSON objects of a text that have a score, each with its start and end."""
    # as pairs: of two equal keys a dict would keep the last
    decoder, position = json.JSONDecoder(object_pairs_hook=list), 0
    while (start := text.find("{", position)) >= 0:
        position = start + 1
        try:
            pairs, end = decoder.raw_decode(text, start)
        except RecursionError:
            return
        except ValueError:
            continue
        position = end
        if any(key in SCORE_KEYS for key, _ in pairs):
            yield start, end, pairs


def _scores_of(pairs: Pairs) -> Iterator[tuple[Fraction, ...]]:
    for score in (value for key, value in pairs if key in SCORE_KEYS):
        # true and false are ints to Python; isfinite refuses an int above the largest float
        if isinstance(score, int) and not isinstance(score, bool):
            yield (Fraction(score),)
        elif isinstance(score, float) and isfinite(score):
            yield (Fraction(str(score)),)
        elif isinstance(score, str):
            written = normalize(score).text.strip()
            if (found := read_value(written, 0)) and found.end == len(written):
                yield found.scores
