"""The figures of a page, from its data."""

from belle.report.figures.categories import categories
from belle.report.figures.estimate import Estimate
from belle.report.figures.forest import ForestRow, forest
from belle.report.figures.scatter import Point, scatter
from belle.report.page_data.page import PageData
from belle.report.page_data.systems import Category, Score

TIMES = {
    "train_seconds": "againstTrainSeconds",
    "answers_per_second": "againstAnswersPerSecond",
    "quantize_seconds": "againstQuantizeSeconds",
}
"""What is known of time, and the heading of its figure in page/text.js."""


def draw_figures(data: PageData) -> dict[str, str]:
    """Return every figure as SVG, by `NAME SCORER`."""
    drawn = {}
    for scorer in data.scorers:
        drawn[f"forest {scorer}"] = draw_forest(data, scorer)
        drawn[f"categories {scorer}"] = draw_categories(data, scorer)
        costs = {"size": ("againstSize", [one.size_mb for one in data.systems])}
        costs |= {name: (label, [one.times.get(name) for one in data.systems]) for name, label in TIMES.items()}
        for name, (label, values) in costs.items():
            if points := draw_points(data, scorer, values):
                drawn[f"{name} {scorer}"] = scatter(points, label)
    return {name: svg for name, svg in drawn.items() if svg}


def draw_forest(data: PageData, scorer: str) -> str:
    """Return the forest plot of the systems that a scorer has scored; empty when there are none."""
    found = {one.system: one for one in data.differences if one.scorer == scorer and one.category is None}
    rows = []
    for place, system in enumerate(data.systems):
        if score := system.scores.get(scorer):
            one = found.get(place)
            difference = Estimate(one.estimate, one.low, one.high) if one else None
            rows.append(ForestRow(system.label, place, estimate(score), difference))
    return forest(rows) if rows else ""


def draw_categories(data: PageData, scorer: str) -> str:
    """Return the scores by category; empty when there are none."""
    by_system = [one.scores[scorer].categories if scorer in one.scores else {} for one in data.systems]
    names = [name for name in data.categories if any(name in found for found in by_system)]
    scores = [[estimate(found[name]) if name in found else None for found in by_system] for name in names]
    return categories(names, [one.label for one in data.systems], scores) if names else ""


def draw_points(data: PageData, scorer: str, costs: list[float | None]) -> list[Point]:
    """Return the systems whose cost and score are known; none when they all cost the same."""
    points = [
        Point(system.label, place, cost, estimate(system.scores[scorer]))
        for place, (system, cost) in enumerate(zip(data.systems, costs, strict=True))
        if cost and scorer in system.scores
    ]
    return points if len({point.cost for point in points}) > 1 else []


def estimate(score: Score | Category) -> Estimate:
    """Return a score as what figures draw."""
    return Estimate(score.score, score.low, score.high)
