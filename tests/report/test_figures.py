import re
from dataclasses import replace
from xml.etree import ElementTree

import pytest

from belle.report.draw import draw_figures
from belle.report.figures.estimate import Estimate
from belle.report.figures.forest import ForestRow, forest, numbers
from belle.report.figures.scatter import Point, marks_between, scatter
from belle.report.figures.svg import Scale, score_range, ticks, width_of
from report.made_up import page_data


def test_every_figure_is_drawn_for_every_scorer_and_is_xml():
    found = draw_figures(page_data())
    names = ("forest", "categories", "size", "train_seconds", "answers_per_second")
    assert set(found) == {f"{name} {scorer}" for name in names for scorer in ("metrics", "judge", "human:anna")}
    for svg in found.values():
        assert ElementTree.fromstring(svg).tag == "svg"


def test_what_costs_the_same_is_not_drawn():
    data = page_data()
    same = tuple(replace(one, size_mb=6.3, times={"train_seconds": 0.0}) for one in data.systems)
    assert {name.split()[0] for name in draw_figures(replace(data, systems=same))} == {"forest", "categories"}


def test_names_are_escaped():
    svg = forest([ForestRow('<b onclick="x">&', 0, Estimate(0.5, 0.4, 0.6), None)])
    assert "<b" not in svg and "&lt;b" in svg


@pytest.mark.parametrize(
    ("low", "high", "expected"),
    [
        (0, 1, [0, 0.2, 0.4, 0.6, 0.8, 1]),
        (0.73, 0.8, [0.74, 0.76, 0.78, 0.8]),
        (-0.031, 0.02, [-0.03, -0.02, -0.01, 0, 0.01, 0.02]),
    ],
)
def test_ticks_are_round_numbers(low, high, expected):
    assert ticks(low, high) == expected


def test_a_forest_puts_intervals_where_their_numbers_are():
    rows = [
        ForestRow("a", 0, Estimate(0.5, 0.4, 0.6), None),
        ForestRow("b", 1, Estimate(0.7, 0.6, 0.8), Estimate(0.2, 0.1, 0.3)),
    ]
    root = ElementTree.fromstring(forest(rows))
    lines = [one for one in root.iter("line") if one.get("class", "").startswith("interval")]
    first, second = lines[0], lines[1]
    assert first.get("x2") == second.get("x1"), "0.6 is 0.6 in both rows"
    zero = next(one for one in root.iter("line") if one.get("class") == "zero")
    assert float(zero.get("x1")) < float(lines[2].get("x1"))
    texts = [one.text for one in root.iter("text") if one.get("class") == "number"]
    assert texts == ["0.500 [0.400, 0.600]", "0.700 [0.600, 0.800]", "+0.200 [+0.100, +0.300]"]


def test_a_long_name_fits_above_the_differences():
    rows = [ForestRow("x" * 60, 0, Estimate(0.5, 0.4, 0.6), None)]
    rows.append(ForestRow("b", 1, Estimate(0.7, 0.6, 0.8), Estimate(0.2, 0.1, 0.3)))
    root = ElementTree.fromstring(forest(rows))
    heading = next(one for one in root.iter("text") if one.get("data-label") == "differenceFrom")
    for words in (f"difference from {'x' * 60}", f"与 {'x' * 60} 的差值"):
        assert float(heading.get("x")) + width_of(words) <= float(root.get("width"))


def test_numbers_carry_a_minus_sign():
    assert numbers(Estimate(-0.0125, -0.03, 0.005), signed=True) == "−0.013 [−0.030, +0.005]"


def test_what_is_shown_as_zero_has_no_sign():
    assert numbers(Estimate(-0.0004, 0.0, 0.0004), signed=True) == "0.000 [0.000, 0.000]"
    assert numbers(Estimate(-0.0, 0.0, 0.5), signed=False) == "0.000 [0.000, 0.500]"


def test_costs_stand_on_a_logarithmic_axis():
    points = [Point(str(cost), place, cost, Estimate(0.5, 0.4, 0.6)) for place, cost in enumerate((1.0, 10.0, 100.0))]
    places = [float(one) for one in re.findall(r'circle class="s\d" cx="([\d.]+)"', scatter(points, "againstSize"))]
    assert places[1] - places[0] == pytest.approx(places[2] - places[1], abs=0.2)
    assert marks_between(0.9, 25) == [1, 2, 5, 10, 20]


def test_scales_stay_within_what_scores_can_be():
    assert score_range([0.0, 1.0]) == (0.0, 1.0)
    low, high = score_range([0.5, 0.5])
    assert low < 0.5 < high
    assert Scale((0, 1), (100, 200))(0.25) == 125
