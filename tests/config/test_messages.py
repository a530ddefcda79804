from pathlib import Path
from typing import Annotated, Literal

import pytest
from pydantic import Field, model_validator

from belle.config.base import Section
from belle.config.messages import nearest, problems_of, shown


class Square(Section):
    kind: Literal["square"]
    width: float = Field(gt=0, le=1)


class Named(Section):
    kind: Literal["named"]
    named: str = Field(pattern="^[a-z]+$")


class Thing(Section):
    shape: Annotated[Square | Named, Field(discriminator="kind")]
    count: int | None = Field(ge=1, lt=9)
    parts: list[str] | Literal["all"]
    metrics: dict[str, Literal["exact_match", "set_f1"]]
    on: bool

    @model_validator(mode="after")
    def _not_two(self) -> "Thing":
        if self.count == 2:
            raise ValueError("two is no count")
        return self


SQUARE = {"kind": "square", "width": 0.5}
GOOD = {"shape": SQUARE, "count": 3, "parts": ["a"], "metrics": {"x": "set_f1"}, "on": True}

# changes, the key path, words of the line
CASES = [
    ({"count": 0}, "count", ["equal to 1", "found 0"]),
    ({"count": "3"}, "count", ["integer", 'found "3"', "quotes"]),
    ({"count": 3.5}, "count", ["integer", "found 3.5"]),
    ({"count": True}, "count", ["integer", "found true"]),
    ({"count": [1]}, "count", ["integer", "found a list"]),
    ({"count": 2}, "", ["two is no count"]),
    ({"on": "yes"}, "on", ["boolean", 'found "yes"']),
    ({"on": None}, "on", ["boolean", "found null"]),
    ({"parts": "al"}, "parts", ["list", "'all'", "mean all?"]),
    ({"parts": ["a", 7]}, "parts[1]", ["string", "found 7", "quotes"]),
    ({"metrics": {"x": "set"}}, "metrics.x", ["'exact_match' or 'set_f1'", "mean set_f1?"]),
    ({"metrics": {1: "set_f1"}}, "metrics[1]", ["key", "text"]),
    ({"metrics": [1]}, "metrics", ["section", "found a list"]),
    ({"shape": None}, "shape", ["section", "found null"]),
    ({"shape": {}}, "shape.kind", ["missing"]),
    ({"shape": {"kind": "squar"}}, "shape.kind", ["'square'", "mean square?"]),
    ({"shape": SQUARE | {"widht": 1}}, "shape.widht", ["unknown key", "mean width?"]),
    ({"shape": {"kind": "named"}}, "shape.named", ["missing"]),
    ({"shape": {"kind": "named", "named": "A"}}, "shape.named", ["^[a-z]+$", 'found "A"']),
    ({"shape": SQUARE | {"width": 0}}, "shape.width", ["than 0", "found 0"]),
    ({"shape": SQUARE | {"width": "2e-05"}}, "shape.width", ["number", "quotes"]),
    ({"shape": SQUARE | {"width": float("nan")}}, "shape.width", ["finite", "found NaN"]),
    ({"unknown": 1}, "unknown", ["unknown key", "shape, count, parts"]),
]


@pytest.mark.parametrize(("changes", "path", "words"), CASES)
def test_one_mistake_is_one_line_with_its_path(changes, path, words):
    (line,) = problems_of(Thing, GOOD | changes, Path("a.yaml"))
    assert line.startswith(f"a.yaml: {path}: " if path else "a.yaml: ")
    for word in words:
        assert word in line


def test_all_mistakes_at_once_with_the_path_of_the_section():
    value = GOOD | {"count": 0, "on": None, "shape": {"kind": "square", "wide": 1}}
    lines = problems_of(Thing, value, Path("a.yaml"), "thing")
    assert [line.split(": ")[1] for line in lines] == [
        "thing.shape.width", "thing.shape.wide", "thing.count", "thing.on",
    ]  # fmt: skip


@pytest.mark.parametrize("value", [None, 3, "text", [1], []])
def test_what_is_no_section_is_refused(value):
    (line,) = problems_of(Thing, value, Path("a.yaml"), "thing")
    assert line.startswith("a.yaml: thing: ")
    assert "section" in line
    assert shown(value) in line


def test_a_valid_value_has_no_problems():
    assert problems_of(Thing, GOOD, Path("a.yaml")) == []


@pytest.mark.parametrize(("name", "hint"), [("LORA", "mean lora?"), ("mni", "mean Mini?"), ("x", "")])
def test_the_nearest_name_is_suggested(name, hint):
    found = nearest(name, ["ft", "lora", "Mini"])
    assert found.endswith(hint)
    assert bool(found) == bool(hint)


@pytest.mark.parametrize(
    ("value", "text"),
    [(None, "null"), (False, "false"), ("问", '"问"'), ({}, "an empty section"), ([1], "a list"), (2e-05, "2e-05")],
)
def test_values_are_shown_as_yaml_writes_them(value, text):
    assert shown(value) == text


def test_long_text_is_shortened():
    text = shown("x" * 1000)
    assert text.startswith('"xxx')
    assert text.endswith('…"')
    assert len(text) < 100
