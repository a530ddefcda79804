"""Score by category: a row for every category, in it a dot with its interval for every system."""

from belle.report.figures.estimate import Estimate
from belle.report.figures.svg import Scale, dot, figure, heading, line, text, ticks, to_text, width_of, x_axis

TOP = 34
LINE = 9
"""Distance between two systems of a category."""
GAP = 14
"""Distance between two categories."""
PANEL = 560


def categories(names: list[str], labels: list[str], scores: list[list[Estimate | None]]) -> str:
    """Return the figure.

    Args:
        names: of the categories.
        labels: of the systems.
        scores: by category, then system; None where a system has no scored answer.
    """
    left = max(width_of(name) for name in names) + 16
    row = LINE * len(labels) + GAP
    bottom = TOP + row * len(names)
    root = figure(left + PANEL + 20, bottom + 30, "categories")
    scale = Scale((0, 1), (left, left + PANEL))
    heading(root, left, 14, "scoreByCategory")
    x_axis(root, scale, ticks(0, 1), TOP, bottom)
    for place, (name, found) in enumerate(zip(names, scores, strict=True)):
        top = TOP + row * place
        line(root, (0, top), (left + PANEL, top), "grid")
        text(root, 0, top + row / 2, name, "name")
        for system, one in enumerate(found):
            if one is not None:
                y = top + GAP / 2 + LINE * (system + 0.5)
                line(root, (scale(one.low), y), (scale(one.high), y), f"interval s{system}")
                title = f"{labels[system]}, {name}: {one.value:.3f} [{one.low:.3f}, {one.high:.3f}]"
                dot(root, scale(one.value), y, f"s{system}", title, radius=3)
    return to_text(root)
