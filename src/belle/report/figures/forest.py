"""The forest plot: scores with intervals, and beside them the differences from the first system."""

from dataclasses import dataclass
from xml.etree.ElementTree import Element

from belle.report.figures.estimate import Estimate
from belle.report.figures.svg import (
    Scale,
    dot,
    figure,
    heading,
    line,
    padded,
    score_range,
    text,
    ticks,
    to_text,
    width_of,
    x_axis,
)

ROW = 30
TOP = 34
PANEL = 250
NUMBERS = 152
"""Width of a column of numbers, `0.7635 [0.7312, 0.7948]`."""
BEFORE_NAME = 120
"""Width of `Difference from`, and more than that of its Chinese words."""


@dataclass(frozen=True)
class ForestRow:
    """One system: its score, and its difference from the first system (None for that one, or where there is none)."""

    label: str
    color: int
    score: Estimate
    difference: Estimate | None


def forest(rows: list[ForestRow]) -> str:
    """Return the figure; the panel of differences is left out when there are none."""
    left = max(width_of(row.label) for row in rows) + 26
    compared = any(row.difference for row in rows)
    height = TOP + ROW * len(rows) + 30
    start = left + PANEL + NUMBERS + 24
    width = start + max(PANEL + NUMBERS + 24, BEFORE_NAME + width_of(rows[0].label)) if compared else start
    root = figure(width, height, "forest")
    for place, row in enumerate(rows):
        y = TOP + ROW * (place + 0.5)
        dot(root, 6, y, f"s{row.color}")
        text(root, 18, y, row.label, "name")
    scores = [one for row in rows for one in (row.score.low, row.score.high)]
    panel(root, left, score_range(scores), [row.score for row in rows], rows, signed=False)
    heading(root, left, 14, "score")
    if compared:
        found = [one for row in rows if row.difference for one in (row.difference.low, row.difference.high, 0.0)]
        panel(root, start, padded(min(found), max(found)), [row.difference for row in rows], rows, signed=True)
        heading(root, start, 14, "differenceFrom", name=rows[0].label)
    return to_text(root)


def panel(
    root: Element,
    left: float,
    values: tuple[float, float],
    estimates: list[Estimate | None] | list[Estimate],
    rows: list[ForestRow],
    signed: bool,
) -> None:
    """Draw one column of intervals and their numbers; with `signed` also the line of no difference."""
    bottom = TOP + ROW * len(rows)
    scale = Scale(values, (left, left + PANEL))
    x_axis(root, scale, ticks(*values, most=5), TOP, bottom)
    if signed:
        line(root, (scale(0), TOP), (scale(0), bottom), "zero")
    for place, (row, one) in enumerate(zip(rows, estimates, strict=True)):
        y = TOP + ROW * (place + 0.5)
        if one is None:
            text(root, left + PANEL + 12, y, "–", "tick")
            continue
        line(root, (scale(one.low), y), (scale(one.high), y), f"interval s{row.color}")
        dot(root, scale(one.value), y, f"s{row.color}", row.label)
        text(root, left + PANEL + 12, y, numbers(one, signed), "number")


def numbers(one: Estimate, signed: bool) -> str:
    """Return an estimate as text; differences carry their sign."""
    value, low, high = (_number(number, signed) for number in (one.value, one.low, one.high))
    return f"{value} [{low}, {high}]"


def _number(value: float, signed: bool) -> str:
    """Return a number as numbers.js writes it: what is shown as 0 has no sign."""
    text = f"{value:{'+' if signed else ''}.3f}"
    return text.lstrip("+-") if float(text) == 0 else text.replace("-", "−")
