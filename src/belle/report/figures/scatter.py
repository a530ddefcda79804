"""Score against what it costs: size or time."""

from dataclasses import dataclass
from xml.etree.ElementTree import Element

from belle.report.figures.estimate import Estimate
from belle.report.figures.svg import (
    Scale,
    dot,
    figure,
    heading,
    line,
    score_range,
    text,
    ticks,
    to_text,
    width_of,
    x_axis,
    y_axis,
)

WIDTH, HEIGHT = 440, 280
LEFT, TOP, RIGHT, BOTTOM = 52, 34, 14, 30
LINE = 14
"""Height of a name."""


@dataclass(frozen=True)
class Point:
    """A system: what it costs, above 0, and its score."""

    label: str
    color: int
    cost: float
    score: Estimate


def scatter(points: list[Point], label: str) -> str:
    """Return the figure, costs on a logarithmic axis; `label` is the name of its heading in page/text.js."""
    root = figure(WIDTH, HEIGHT, "scatter")
    costs = [point.cost for point in points]
    room = 1.25
    xs = Scale((min(costs) / room, max(costs) * room), (LEFT, WIDTH - RIGHT), logarithmic=True)
    found = [one for point in points for one in (point.score.low, point.score.high)]
    ys = Scale(score_range(found), (HEIGHT - BOTTOM, TOP))
    heading(root, 0, 14, label)
    y_axis(root, ys, ticks(ys.low, ys.high), LEFT, WIDTH - RIGHT)
    x_axis(root, xs, marks_between(xs.low, xs.high), TOP, HEIGHT - BOTTOM)
    taken: list[tuple[float, float, float]] = []
    for point in sorted(points, key=lambda point: (point.score.value, point.color), reverse=True):
        x = xs(point.cost)
        line(root, (x, ys(point.score.low)), (x, ys(point.score.high)), f"interval s{point.color}")
        dot(root, x, ys(point.score.value), f"s{point.color}", f"{point.label}: {point.cost:.4g}")
        name_beside(root, point, x, ys(point.score.value), taken)
    return to_text(root)


def name_beside(root: Element, point: Point, x: float, y: float, taken: list[tuple[float, float, float]]) -> None:
    """Write the name of a point beside it, lower where another name is: `taken` holds left, right and y of each."""
    width = width_of(point.label)
    fits = x + 8 + width <= WIDTH
    left = x + 8 if fits else x - 8 - width
    while any(left < right and start < left + width and abs(y - height) < LINE for start, right, height in taken):
        y += 1
    taken.append((left, left + width, y))
    text(root, x + (8 if fits else -8), y, point.label, "name", "start" if fits else "end")


def marks_between(low: float, high: float) -> list[float]:
    """Return marks of a logarithmic axis: 1, 2 and 5 times the powers of ten, or round numbers in a short range."""
    numbers = [factor * 10.0**power for power in range(-6, 13) for factor in (1, 2, 5)]
    found = [one for one in numbers if low <= one <= high]
    return found if len(found) > 2 else ticks(low, high)
