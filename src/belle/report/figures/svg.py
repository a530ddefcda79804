"""Elements of SVG, and axes. Text goes through ElementTree, which escapes it; colors are classes of the page's CSS."""

import math
import unicodedata
from xml.etree.ElementTree import Element, SubElement, tostring

TEXT_HEIGHT = 12


def figure(width: float, height: float, name: str) -> Element:
    """Return an empty figure, `width` × `height` in pixels of the page, that scales down with it."""
    view = f"0 0 {digits(width)} {digits(height)}"
    return Element("svg", {"class": f"figure {name}", "viewBox": view, "width": digits(width), "role": "img"})


def to_text(root: Element) -> str:
    """Return a figure as text, the same bytes for the same figure."""
    return tostring(root, encoding="unicode")


def line(parent: Element, start: tuple[float, float], end: tuple[float, float], name: str) -> None:
    """Draw a line between two points (x, y)."""
    (x1, y1), (x2, y2) = start, end
    places = {"x1": digits(x1), "y1": digits(y1), "x2": digits(x2), "y2": digits(y2)}
    SubElement(parent, "line", {"class": name, **places})


def dot(parent: Element, x: float, y: float, name: str, title: str = "", radius: float = 4) -> None:
    """Draw a dot; `title` is shown where the pointer rests on it."""
    circle = SubElement(parent, "circle", {"class": name, "cx": digits(x), "cy": digits(y), "r": digits(radius)})
    if title:
        SubElement(circle, "title").text = title


def text(parent: Element, x: float, y: float, content: str, name: str = "", anchor: str = "start") -> None:
    """Write text, centered on `y`."""
    places = {"x": digits(x), "y": digits(y), "dy": "0.35em", "text-anchor": anchor, "class": name}
    SubElement(parent, "text", places).text = content


def heading(parent: Element, x: float, y: float, label: str, **values: str) -> None:
    """Leave room for a heading, which the page writes in the language of its reader.

    Args:
        parent: the figure.
        x: where it begins.
        y: its middle.
        label: its name in page/text.js.
        values: what is filled in.
    """
    data = {f"data-{name}": value for name, value in {"label": label, **values}.items()}
    places = {"x": digits(x), "y": digits(y), "dy": "0.35em", "class": "heading"}
    SubElement(parent, "text", places | data)


def digits(value: float) -> str:
    """Return a coordinate with at most one decimal."""
    return f"{value:.1f}".removesuffix(".0")


def width_of(content: str) -> float:
    """Estimate the width of text in pixels: Chinese characters are about twice as wide as Latin letters."""
    return sum(12.5 if unicodedata.east_asian_width(one) in "WF" else 7 for one in content)


def ticks(low: float, high: float, most: int = 6) -> list[float]:
    """Return at most `most` round numbers that lie in [low, high], evenly spaced by 1, 2 or 5 times a power of ten."""
    power = 10.0 ** math.floor(math.log10((high - low) / most))
    for step in (power, 2 * power, 5 * power, 10 * power, 20 * power):
        first, last = math.ceil(low / step - 1e-9), math.floor(high / step + 1e-9)
        if last - first < most:
            break
    return [round(number * step, 10) for number in range(first, last + 1)]


class Scale:
    """Values to pixels, linear or logarithmic."""

    def __init__(self, values: tuple[float, float], pixels: tuple[float, float], logarithmic: bool = False) -> None:
        """Map the two `values` to the two `pixels`; values of a logarithmic scale are above 0."""
        self.convert = math.log10 if logarithmic else float
        self.low, self.high = values
        self.start, self.end = pixels

    def __call__(self, value: float) -> float:
        """Return the pixel of a value."""
        low, high = self.convert(self.low), self.convert(self.high)
        return self.start + (self.convert(value) - low) / (high - low) * (self.end - self.start)


def padded(low: float, high: float, share: float = 0.06) -> tuple[float, float]:
    """Widen a range by a share on both sides; a range without width gets one."""
    margin = (high - low) * share or max(abs(low) * share, 0.01)
    return low - margin, high + margin


def score_range(values: list[float]) -> tuple[float, float]:
    """Return a range for scores around `values` that stays within 0 and 1."""
    low, high = padded(min(values), max(values))
    return max(low, 0.0), min(high, 1.0)


def x_axis(parent: Element, scale: Scale, marks: list[float], top: float, bottom: float) -> None:
    """Draw a grid line for every mark, from `top` to `bottom`, and its number below."""
    for mark in marks:
        line(parent, (scale(mark), top), (scale(mark), bottom), "grid")
        text(parent, scale(mark), bottom + TEXT_HEIGHT, label(mark), "tick", "middle")


def y_axis(parent: Element, scale: Scale, marks: list[float], left: float, right: float) -> None:
    """Draw a grid line for every mark, from `left` to `right`, and its number at its left."""
    for mark in marks:
        line(parent, (left, scale(mark)), (right, scale(mark)), "grid")
        text(parent, left - 8, scale(mark), label(mark), "tick", "end")


def label(mark: float) -> str:
    """Return a mark of an axis as text, with the sign that numbers in text have."""
    return f"{mark:.4g}".replace("-", "−")
