"""Break lines at a terminal's width: between Chinese characters as well as between words."""

from itertools import accumulate

from rich.cells import cell_len
from rich.text import Text

NOT_FIRST = frozenset("，。！？；：、）】》」』”’…—～％")
"""Characters that do not begin a line."""
TAB = 4


def wrap(text: Text, width: int) -> Text:
    """Return a text whose lines take at most `width` columns; rich alone keeps a Chinese sentence in one piece."""
    text.expand_tabs(TAB)
    pieces = [piece for line in text.split("\n", allow_blank=True) for piece in line.divide(breaks(line.plain, width))]
    return Text("\n").join(pieces)


def breaks(line: str, width: int) -> list[int]:
    """Return where a line is broken, so that each part takes at most `width` columns (a blank at its end aside)."""
    ends = [0, *accumulate(map(cell_len, line))]
    found, start, opportunity = list[int](), 0, 0
    for place, character in enumerate(line):
        if place and _may_break(line[place - 1], character):
            opportunity = place
        if ends[place + 1] - ends[start] > width and character != " ":
            start = opportunity if opportunity > start else max(place, start + 1)
            found.append(start)
    return found


def _may_break(before: str, after: str) -> bool:
    is_wide = cell_len(before) > 1 or cell_len(after) > 1
    return before == " " or (is_wide and after not in NOT_FIRST)
