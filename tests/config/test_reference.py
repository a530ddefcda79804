import json
import re
from itertools import pairwise
from pathlib import Path

import pytest

from belle.config.base import read_yaml
from belle.config.reference import KINDS, Knob, knobs, write_params_comments, write_reference

ROOT = Path(__file__).resolve().parents[2]
KEY_WITH_VALUE = re.compile(r"[a-z_]+: \S")
FILES = [ROOT / "params.yaml", *sorted((ROOT / "configs").glob("*/*.yaml"))]


def knob(path: str) -> Knob:
    (found,) = (one for one in knobs(KINDS["params"]) if one.path == path)
    return found


def test_every_key_of_every_file_has_a_line(tmp_path):
    write_reference(tmp_path / "params.md")
    lines = (tmp_path / "params.md").read_text(encoding="utf-8").splitlines()
    for kind in KINDS.values():
        for one in knobs(kind):
            assert f"| `{one.path}` | {one.allowed} | {one.description} |" in lines


def test_comments_are_replaced_and_everything_else_is_kept(change):
    text = Path("params.yaml").read_text(encoding="utf-8")
    header, _, body = text.partition("\n\n")
    lines = [line for line in body.splitlines() if not line.lstrip().startswith("#")]
    Path("params.yaml").write_text("\n".join([header, "", "# an old comment", *lines]) + "\n", encoding="utf-8")
    write_params_comments(Path("params.yaml"))
    assert Path("params.yaml").read_text(encoding="utf-8") == text


def test_every_knob_of_params_yaml_has_its_comment_above_it_on_one_line():
    lines = [line.strip() for line in (ROOT / "params.yaml").read_text(encoding="utf-8").splitlines()]
    for one in knobs(KINDS["params"]):
        assert one.comment() in lines, one.path
        assert len(one.comment()) + 2 * one.path.count(".") <= 120, f"{one.path}: shorten the first sentence"
    bare = [line for before, line in pairwise(lines) if KEY_WITH_VALUE.match(line) and not before.startswith("#")]
    assert bare == []


@pytest.mark.parametrize("kind", KINDS)
def test_every_knob_has_a_docstring(kind):
    assert [one.path for one in knobs(KINDS[kind]) if not one.description] == []


@pytest.mark.parametrize(
    ("path", "allowed"),
    [
        ("train.ft.epochs", "whole number from 1"),
        ("train.ft.learning_rate", "number above 0, at most 1"),
        ("train.lora.dropout", "number from 0, below 1"),
        ("train.method", "ft or lora"),
        ("data.limit", "whole number from 1, or null"),
        ("data.sources", "list of text"),
        ("decrypt.enabled", "true or false"),
        ("model.profile", "text"),
    ],
)
def test_ranges_are_told_in_words(path, allowed):
    assert knob(path).allowed == allowed


def test_a_source_of_each_kind_has_its_own_keys():
    paths = {one.path for one in knobs(KINDS["data"])}
    assert {"source[hub].repo", "source[path].path", "source[url].files[].sha256", "format"} <= paths


def committed(name: str) -> dict:
    return json.loads((ROOT / "configs" / "schema" / f"{name}.json").read_text(encoding="utf-8"))


def test_an_editor_sees_descriptions_choices_and_ranges():
    sections = committed("params")["$defs"]
    lora = sections["LoraParams"]["properties"]
    assert "alpha / rank" in lora["alpha"]["description"]
    assert {"exclusiveMaximum": 1, "minimum": 0, "type": "number"}.items() <= lora["dropout"].items()
    assert sections["TrainParams"]["properties"]["method"]["enum"] == ["ft", "lora"]
    assert "init_from" in sections["TrainParams"]["properties"]
    assert all(section["additionalProperties"] is False for section in sections.values())


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(ROOT)))
def test_every_shipped_file_names_a_schema_that_fits_it(path):
    first, _, _ = path.read_text(encoding="utf-8").partition("\n")
    marker, _, schema_path = first.partition("=")
    assert marker == "# yaml-language-server: $schema"
    name = "params" if path.name == "params.yaml" else path.parent.name
    assert (path.parent / schema_path).resolve() == ROOT / "configs" / "schema" / f"{name}.json"
    schema, content = committed(name), read_yaml(path)
    assert set(schema["required"]) <= set(content) <= set(schema["properties"])
