"""JSON objects with a score in a judge's reply."""

import json
import re
from collections.abc import Iterator
from fractions import Fraction
from math import isfinite
from typing import Any

from belle.judge.quoted import normalize
from belle.judge.values import read_value

SCORE = re.compile(
    r"(?:final|overall|total)?(?:score|rating)|(?:最终|最后|综合|总体|总)?(?:得分|评分|评分结果|分数|打分)|总分"
)
HIGHEST = re.compile(r"(?:max|maximum|full|highest)(?:score|points)?|scale|outof|满分")
"""Keys, as `_plain` returns them: of a score, and of the highest one."""
Pairs = list[tuple[str, Any]]
"""Keys and values of a JSON object, in its order: of two equal keys a dict would keep the last."""


def json_objects(text: str) -> Iterator[tuple[int, int, list[tuple[Fraction, ...]]]]:
    """Yield the JSON objects of a text that hold a score at any depth, each with its start, its end and the scores.

    Args:
        text: not in NFKC, which may put quotation marks into a string.
    """
    # line breaks in a string are no JSON, and common
    decoder, position = json.JSONDecoder(object_pairs_hook=_Object, strict=False), 0
    while (start := text.find("{", position)) >= 0:
        position = start + 1
        try:
            value, end = decoder.raw_decode(text, start)
        except RecursionError:
            return
        except ValueError:
            continue
        position = end
        if value.has_score():
            yield start, end, list(value.scores())


class _Object(Pairs):
    """A JSON object, as its pairs."""

    def has_score(self) -> bool:
        return any(SCORE.fullmatch(_plain(key)) for one in self._objects() for key, _ in one)

    def scores(self) -> Iterator[tuple[Fraction, ...]]:
        for one in self._objects():
            highest = next((_number(value) for key, value in one if HIGHEST.fullmatch(_plain(key))), None)
            for key, value in one:
                if SCORE.fullmatch(_plain(key)) and (found := _scores(value, highest)):
                    yield found

    def _objects(self) -> Iterator["_Object"]:
        """Yield this object and all in it."""
        waiting: list[Any] = [self]
        while waiting:
            one = waiting.pop()
            if isinstance(one, _Object):
                yield one
                waiting += [value for _, value in one]
            elif isinstance(one, list):
                waiting += one


def _plain(key: str) -> str:
    return re.sub(r"[\s_-]", "", normalize(key).text).casefold()


def _scores(value: object, highest: Fraction | None) -> tuple[Fraction, ...] | None:
    if (number := _number(value)) is not None:
        return (number / (highest or 1),)
    if not isinstance(value, str):
        return None
    written = normalize(value).text.strip()
    found = read_value(written, 0, highest)
    return found.scores if found and found.end == len(written) else None


def _number(value: object) -> Fraction | None:
    # true and false are ints to Python; isfinite refuses an int above the largest float
    if isinstance(value, int) and not isinstance(value, bool):
        return Fraction(value)
    return Fraction(str(value)) if isinstance(value, float) and isfinite(value) else None
