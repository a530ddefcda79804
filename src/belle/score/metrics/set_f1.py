"""Metric `set_f1`: the answer lists the items of the reference, in any order."""

import re
import unicodedata

from belle.score.metrics.text import normalize
from belle.score.numbers.list_marks import LIST_MARK

# After NFKC the full-width ， and ； are , and ;
SEPARATOR = re.compile(r"[、,;\n]")
BULLET = re.compile(r"^[ \t]*[-*+•·][ \t]+", re.MULTILINE)


def score(answer: str, reference: str) -> float | None:
    """Return F1 over the sets of items (repeated items count once); None for a reference without items.

    Items are separated by 、 , ; (full width too) or a line break, and compared once normalized, without the marks of a
    list (`1.`, `-`).
    """
    expected, found = items(reference), items(answer)
    if not expected:
        return None
    return 2 * len(expected & found) / (len(expected) + len(found))


def items(text: str) -> set[str]:
    """Return the normalized items of a list, without empty ones."""
    plain = BULLET.sub("", LIST_MARK.sub("", unicodedata.normalize("NFKC", text)))
    parts = SEPARATOR.split(plain)
    return {item for part in parts if (item := normalize(part))}
