"""A judge's reply as a score, or the reason why there is none.

A verdict stands where a clause begins, in the judge's own words: a score that the graded answer plants is
read neither where it is quoted nor where it is copied. Two different verdicts are none. Nothing is clipped, nothing is
taken for 0.
"""

import re
from bisect import bisect_left
from collections.abc import Iterator
from fractions import Fraction
from typing import Literal, NamedTuple

from belle.endpoints.reply import CUT_OFF, FILTERED, REFUSED, Reply
from belle.judge.labels import named_values
from belle.judge.objects import json_objects
from belle.judge.quoted import OBJECT, Normalized, compact, copied, normalize, own_words
from belle.judge.values import other_scale, read_value

Reason = Literal[
    "no_score", "ambiguous", "out_of_range", "empty", "length", "refusal", "content_filter", "no_reply"
]  # fmt: skip
Rule = Literal["json", "label", "line"]
"""A JSON object with a score; a label (`得分:`) and a value; a first line that is a value and nothing else."""

REFUSAL = re.compile(
    r"\A\W*(?:很|非常)?(?:抱歉|对不起)|(?:无法|不能|不便|拒绝)(?:对[^。\n]{0,20})?(?:进行|给出|做出|提供)?[^。\n]{0,6}"
    r"(?:评分|打分|得分|分数|评价)|\A\W*(?:i'?m |i am )?(?:sorry|unable)|\bi (?:can'?t|cannot|won'?t)\b|\bas an ai\b",
    re.IGNORECASE,
)
ALONE = re.compile(r"。?[ \t]*\n|[\s。.!]*\Z")
"""What may stand behind a value that is a line of its own; a point before more lines would begin a list."""


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
    if reply.finish_reason == FILTERED:
        return Verdict(None, "content_filter")
    if reply.refusal:
        return Verdict(None, "refusal")
    # a score before the cut may be one that the rest takes back
    if reply.finish_reason == CUT_OFF:
        return Verdict(None, "length")
    return parse_reply_text(reply.text, answer)


def parse_reply_text(text: str, answer: str) -> Verdict:
    """Return the verdict of a complete reply to a request about `answer`."""
    if not text.strip():
        return Verdict(None, "empty")
    found = list(_verdicts(text, answer))
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
    objects = list(json_objects(text))
    places = [(bisect_left(plain.origin, start), bisect_left(plain.origin, end)) for start, end, _ in objects]
    words = own_words(plain.text, places)
    for (start, end, scores), (first, _) in zip(objects, places, strict=True):
        if words[first] == OBJECT and not copied(normalize(text[start:end]).text, graded):
            yield from (_Found(one, "json", (start, end)) for one in scores)
    named = [one for one in named_values(words) if not copied(plain.text[one.start : one.end], graded)]
    yield from (_Found(one.scores, "label", plain.span(one.start, one.end)) for one in named)
    # only where no verdict is named as one
    if not objects and not named:
        yield from _first_line(plain, words, graded)


def _first_line(plain: Normalized, words: str, graded: str) -> Iterator[_Found]:
    """Yield the value that the first line of a reply is; none where another line is one, as in a list."""
    start = len(words) - len(words.lstrip())
    value = read_value(words, start)
    if not value or not ALONE.match(words[value.end :]) or compact(plain.text[start : value.end]) == graded:
        return
    if not any(_is_value(line) for line in words[value.end :].splitlines()[1:]):
        yield _Found(other_scale(words, start, value), "line", plain.span(start, value.end))


def _is_value(line: str) -> bool:
    value = read_value(line, len(line) - len(line.lstrip()))
    return value is not None and ALONE.fullmatch(line[value.end :] + "\n") is not None
