import json
from pathlib import Path

import pytest

from belle.config.schema import KINDS, write_schemas
from belle.config.section import read_yaml

ROOT = Path(__file__).resolve().parents[2]
FILES = [ROOT / "params.yaml", *sorted((ROOT / "configs").glob("*/*.yaml"))]


def committed(name: str) -> dict:
    return json.loads((ROOT / "configs" / "schema" / f"{name}.json").read_text(encoding="utf-8"))


def test_the_committed_files_are_what_belle_schema_writes(tmp_path):
    for path in write_schemas(tmp_path):
        assert path.read_bytes() == (ROOT / "configs" / "schema" / path.name).read_bytes(), "run: belle schema"
    assert {path.name for path in (ROOT / "configs" / "schema").iterdir()} == {f"{name}.json" for name in KINDS}


def test_an_editor_sees_descriptions_choices_and_ranges():
    sections = committed("params")["$defs"]
    lora = sections["LoraTuning"]["properties"]
    assert lora["alpha"]["description"] == "Scaling of the update is alpha / rank."
    assert lora["dropout"] | {"title": ""} == {"exclusiveMaximum": 1, "minimum": 0, "title": "", "type": "number"}
    assert sections["TrainParams"]["properties"]["method"]["enum"] == ["ft", "lora"]
    assert "from" in sections["TrainParams"]["properties"]
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
