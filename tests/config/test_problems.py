from pathlib import Path
from typing import Annotated, Literal

import pytest
from pydantic import Field, model_validator

from belle.config.problems import nearest, problems_of, shown
from belle.config.section import Section


class Square(Section):
    kind: Literal["square"]
    width: float = Field(gt=0, le=1)


class Named(Section):
    kind: Literal["named"]
    # the same word as a variant's tag and a key, as in `source: {kind: path, path: …}`
    named: str = Field(pattern="^[a-z]+$")


class Thing(Section):
    shape: Annotated[Square | Named, Field(discriminator="kind")]
    count: int | None = Field(ge=1, lt=9)
    parts: list[str] | Literal["all"]
    colours: list[Literal["red", "green"]] = Field(min_length=1)
    rules: dict[str, Literal["exact", "set"]]
    on: bool
    from_: str = Field(alias="from")

    @model_validator(mode="after")
    def _together(self) -> "Thing":
        if self.on and self.from_ == "nowhere":
            raise ValueError("on: nothing comes from nowhere")
        return self


GOOD = {
    "shape": {"kind": "square", "width": 1},
    "count": None,
    "parts": ["a"],
    "colours": ["red"],
    "rules": {"x": "set"},
    "on": True,
    "from": "here",
}
SQUARE = {"kind": "square", "width": 0.5}
KINDS = "one of named, square"
CASES = [
    ({"count": "3"}, 'count: expected a whole number, 1 or more, less than 9, or null, found "3"; remove the quotes'),
    ({"count": "three"}, 'count: expected a whole number, 1 or more, less than 9, or null, found "three"'),
    ({"count": True}, "count: expected a whole number, 1 or more, less than 9, or null, found true"),
    ({"count": 9}, "count: expected a whole number, 1 or more, less than 9, or null, found 9"),
    ({"on": "yes"}, 'on: expected true or false, found "yes"'),
    ({"on": 1}, "on: expected true or false, found 1"),
    ({"from": 7}, "from: expected text, found 7; put it in quotes"),
    ({"from": None}, "from: expected text, found null"),
    ({"from": "nowhere"}, "on: nothing comes from nowhere"),
    ({"from_": "here"}, "from_: unknown key; did you mean from?"),
    ({"Colors": []}, "Colors: unknown key; did you mean colours?"),
    ({"zzz": 1}, "zzz: unknown key; known keys: shape, count, parts, colours, rules, on, from"),
    ({1: 1}, "a key is not text; put it in quotes"),
    ({"parts": "al"}, 'parts: expected a list, each entry text, or all, found "al"; did you mean all?'),
    ({"parts": None}, "parts: expected a list, each entry text, or all, found null"),
    ({"parts": ["a", 2]}, "parts[1]: expected text, found 2; put it in quotes"),
    ({"colours": []}, "colours: expected a list of 1 or more, each entry one of red, green, found an empty list"),
    ({"colours": ["Red"]}, 'colours[0]: expected one of red, green, found "Red"; did you mean red?'),
    ({"rules": {"x": "sett"}}, 'rules.x: expected one of exact, set, found "sett"; did you mean set?'),
    ({"rules": {1: "set"}}, "rules: a key is not text; put it in quotes"),
    ({"rules": [1]}, "rules: expected a section, each entry one of exact, set, found a list"),
    ({"shape": None}, f"shape: expected a section whose kind is {KINDS}, found null"),
    ({"shape": {}}, f"shape.kind: this key is missing; expected {KINDS}"),
    ({"shape": {"kind": None}}, f"shape.kind: expected {KINDS}, found null"),
    ({"shape": {"kind": "squar"}}, f'shape.kind: expected {KINDS}, found "squar"; did you mean square?'),
    ({"shape": SQUARE | {"widht": 1}}, "shape.widht: unknown key; did you mean width?"),
    ({"shape": SQUARE | {"named": 1}}, "shape.named: unknown key; known keys: kind, width"),
    ({"shape": {"kind": "named"}}, "shape.named: this key is missing; expected text that matches ^[a-z]+$"),
    ({"shape": {"kind": "named", "named": "A"}}, 'shape.named: expected text that matches ^[a-z]+$, found "A"'),
    ({"shape": SQUARE | {"width": 0}}, "shape.width: expected a number, more than 0, at most 1, found 0"),
    (
        {"shape": SQUARE | {"width": "2e-05"}},
        'shape.width: expected a number, more than 0, at most 1, found "2e-05"; remove the quotes',
    ),
    ({"shape": SQUARE | {"width": float("nan")}}, "shape.width: expected a number, more than 0, at most 1, found NaN"),
    ({"shape": SQUARE | {"width": True}}, "shape.width: expected a number, more than 0, at most 1, found true"),
]


@pytest.mark.parametrize(("changes", "line"), CASES)
def test_one_mistake_is_one_line(changes, line):
    assert problems_of(Thing, GOOD | changes, Path("a.yaml")) == [f"a.yaml: {line}"]


def test_all_mistakes_at_once_with_the_path_of_the_section():
    value = GOOD | {"count": 0, "on": None, "shape": {"kind": "square", "wide": 1}}
    assert problems_of(Thing, value, Path("a.yaml"), "thing") == [
        "a.yaml: thing.shape.width: this key is missing; expected a number, more than 0, at most 1",
        "a.yaml: thing.shape.wide: unknown key; did you mean width?",
        "a.yaml: thing.count: expected a whole number, 1 or more, less than 9, or null, found 0",
        "a.yaml: thing.on: expected true or false, found null",
    ]


@pytest.mark.parametrize("value", [None, 3, "text", [1], []])
def test_no_section_at_all(value):
    keys = "a section with the keys shape, count, parts, colours, rules, on, from"
    assert problems_of(Thing, value, Path("a.yaml"), "thing") == [
        f"a.yaml: thing: expected {keys}, found {shown(value)}"
    ]


def test_nothing_to_say():
    assert problems_of(Thing, GOOD, Path("a.yaml")) == []


@pytest.mark.parametrize(
    ("name", "hint"), [("LORA", "; did you mean lora?"), ("mni", "; did you mean Mini?"), ("x", "")]
)
def test_nearest(name, hint):
    assert nearest(name, ["ft", "lora", "Mini"]) == hint


@pytest.mark.parametrize(
    ("value", "text"),
    [(None, "null"), (False, "false"), ("问", '"问"'), ({}, "an empty section"), ([1], "a list"), (2e-05, "2e-05")],
)
def test_shown(value, text):
    assert shown(value) == text


def test_long_text_is_shortened():
    assert shown("x" * 1000) == f'"{"x" * 60}…"'
