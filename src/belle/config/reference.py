"""What is generated from the configuration's fields: JSON Schemas, the comments of params.yaml, docs/params.md."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from belle.config.base import Section
from belle.config.data import DataProfile
from belle.config.decoding import DecodingProfile
from belle.config.endpoint import EndpointProfile
from belle.config.evaluation_set import EvalProfile
from belle.config.experiment import Experiment
from belle.config.hardware import HardwareProfile
from belle.config.mixture import MixtureProfile
from belle.config.model import ModelProfile
from belle.files import fresh_file, write_json

DRAFT = {"$schema": "https://json-schema.org/draft/2020-12/schema"}

KINDS: dict[str, type[Section]] = {
    "params": Experiment,
    "model": ModelProfile,
    "data": DataProfile,
    "mixture": MixtureProfile,
    "eval": EvalProfile,
    "decoding": DecodingProfile,
    "endpoint": EndpointProfile,
    "hardware": HardwareProfile,
}

KEY = re.compile(r"^(?P<indent> *)(?P<key>[a-z]\w*):")
MOST_CHOICES = 6
"""A longer list of choices stands in docs/params.md alone."""
HEADER = """# Parameters

Every key of params.yaml and of the profiles under `configs/`. Written by `make generate` from the docstrings in
`src/belle/config/`: change a text there. How the files work together: [configuration.md](configuration.md).
`source[hub].repo` is the key `repo` of a source whose `kind` is `hub`; `files[].url` is the key `url` of every entry of
`files`.
"""
TITLES = {
    "params": "params.yaml",
    "model": "configs/model/*.yaml",
    "data": "configs/data/*.yaml",
    "mixture": "configs/mixture/*.yaml",
    "eval": "configs/eval/*.yaml",
    "decoding": "configs/decoding/*.yaml",
    "endpoint": "configs/endpoint/*.yaml",
    "hardware": "configs/hardware/*.yaml",
}


def write_schemas(directory: Path) -> list[Path]:
    """Write one `KIND.json` for each kind of file into `directory`; return the paths."""
    paths = [directory / f"{name}.json" for name in KINDS]
    for path, kind in zip(paths, KINDS.values(), strict=True):
        write_json(path, DRAFT | kind.model_json_schema())
    return paths


class Knob:
    """One key of a configuration file.

    Attributes:
        path: key path, as in `train.lora.rank`.
        description: docstring of its field.
        allowed: type and range in words.
        choices: the values of an enumeration, empty for other keys.
    """

    def __init__(self, path: str, schema: dict[str, Any]) -> None:
        self.path, self.description = path, " ".join(schema.get("description", "").split())
        self.allowed, self.choices = _allowed(schema), _choices(schema)

    def comment(self) -> str:
        """Return the first sentence of the description with the range, on one line."""
        sentence = re.split(r"(?<=\w)\.(?:\s|$)", self.description)[0].rstrip(".")
        allowed = self.allowed if len(self.choices) <= MOST_CHOICES else "allowed values: docs/params.md"
        return f"# {sentence}" if allowed == "text" else f"# {sentence} ({allowed})"


def knobs(kind: type[Section]) -> list[Knob]:
    """Return every key of a configuration file that holds a value, in the order of its schema."""
    schema = kind.model_json_schema()
    return list(_knobs(schema, schema.get("$defs", {}), ""))


def write_params_comments(path: Path) -> None:
    """Write the comment of every knob on a line of its own above it; what stands above the first blank line is kept."""
    comments = {knob.path: knob.comment() for knob in knobs(KINDS["params"])}
    header, _, body = path.read_text(encoding="utf-8").partition("\n\n")
    with fresh_file(path) as partial:
        lines = [header, "", *_commented(body.splitlines(), comments)]
        partial.write_text("\n".join(lines) + "\n", encoding="utf-8")


def write_reference(path: Path) -> None:
    """Write docs/params.md: one table per file, with the whole docstring of every key."""
    parts = [HEADER]
    for name, kind in KINDS.items():
        parts.append(f"\n## {TITLES[name]}\n\n| key | values | meaning |\n|---|---|---|\n")
        parts += [f"| `{knob.path}` | {knob.allowed} | {knob.description} |\n" for knob in knobs(kind)]
    with fresh_file(path) as partial:
        partial.write_text("".join(parts), encoding="utf-8")


def _commented(lines: list[str], comments: dict[str, str]) -> Iterator[str]:
    """Replace the comments above the keys; `keys` is the path to the line at hand."""
    keys: list[str] = []
    for line in lines:
        if line.lstrip().startswith("#"):
            continue
        if found := KEY.match(line):
            keys[len(found["indent"]) // 2 :] = [found["key"]]
            if comment := comments.get(".".join(keys)):
                yield found["indent"] + comment
        yield line


def _knobs(schema: dict[str, Any], definitions: dict[str, Any], at: str) -> Iterator[Knob]:
    for name, field in schema["properties"].items():
        if name == "kind":
            continue  # the kind of a source, which stands in the path
        path = f"{at}.{name}" if at else name
        for part, inner in _parts(path, field, definitions):
            yield from _knobs(inner, definitions, part) if "properties" in inner else [Knob(part, inner | field)]


def _parts(path: str, field: dict[str, Any], definitions: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield path and schema of what a key holds: a value, a section, a list of sections, or one of several sections."""

    def definition(reference: dict[str, Any]) -> dict[str, Any]:
        return definitions[reference["$ref"].rpartition("/")[2]]

    if "oneOf" in field:
        for one in map(definition, field["oneOf"]):
            yield f"{path}[{one['properties']['kind']['const']}]", one
    elif "$ref" in field:
        yield path, definition(field)
    elif "$ref" in field.get("items", ()):
        yield f"{path}[]", definition(field["items"])
    else:
        yield path, field


def _choices(schema: dict[str, Any]) -> list[str]:
    inner = schema.get("anyOf", [schema])[0]
    inner = inner.get("items", inner)
    return [str(value) for value in inner.get("enum", [inner["const"]] if "const" in inner else [])]


def _allowed(schema: dict[str, Any]) -> str:
    """Return type and range in words: `number above 0, at most 1`, `ft or lora`, `text, or null`."""
    if "anyOf" in schema:
        return ", or ".join(_allowed(one) for one in schema["anyOf"])
    if choices := _choices(schema if schema.get("type") != "array" else {}):
        return " or ".join(filter(None, [", ".join(choices[:-1]), choices[-1]]))
    match schema.get("type"):
        case "array":
            return f"list of {_allowed(schema['items'])}"
        case "object":
            return f"keys with {_allowed(schema['additionalProperties'])}"
        case "boolean":
            return "true or false"
        case "integer" | "number" as kind:
            return {"integer": "whole number", "number": "number"}[kind] + _range(schema)
        case "null":
            return "null"
    return "text"


def _range(schema: dict[str, Any]) -> str:
    low, above = schema.get("minimum"), schema.get("exclusiveMinimum")
    high, below = schema.get("maximum"), schema.get("exclusiveMaximum")
    if schema["type"] == "integer" and above is not None:
        low, above = above + 1, None
    words = [
        f" from {low}" if low is not None else "",
        f" above {above}" if above is not None else "",
        f" to {high}" if high is not None and low is not None else "",
        f", at most {high}" if high is not None and low is None else "",
        f", below {below}" if below is not None else "",
    ]
    return "".join(words)
