import json
from pathlib import Path

import pytest

from belle.config.base import read_yaml

ROOT = Path(__file__).resolve().parents[2]
FILES = [ROOT / "params.yaml", *sorted((ROOT / "configs").glob("*/*.yaml"))]


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
