"""Mistakes in a section as plain lines: file, key path, what is wrong, what is allowed, the nearest known name.

pydantic finds the mistakes; what is allowed is read from the section's JSON Schema, so that no wording of pydantic
and none of the names that it gives to the variants of a union reach a person.
"""

import difflib
import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

Schema = dict[str, Any]
"""A JSON Schema (draft 2020-12) or a part of one."""
SHOWN_CHARACTERS = 60
BOUNDS = {
    "minimum": "{} or more",
    "exclusiveMinimum": "more than {}",
    "maximum": "at most {}",
    "exclusiveMaximum": "less than {}",
}
PLAIN = {
    "integer": "a whole number",
    "number": "a number",
    "boolean": "true or false",
    "null": "null",
}


def problems_of(kind: type[BaseModel], value: Any, file: Path, at: str = "") -> list[str]:
    """Every problem of `value`, found in `file` at the key path `at`, as a `kind`; one line each."""
    try:
        kind.model_validate(value)
    except ValidationError as error:
        schema = kind.model_json_schema()
        found = dict.fromkeys(_problem(schema, detail) for detail in error.errors())
        # a union complains as a whole too when an entry of one of its variants is wrong
        inmost = [(path, what) for path, what in found if not any(_holds(path, other) for other, _ in found)]
        return [": ".join(filter(None, [str(file), (at + path).lstrip("."), what])) for path, what in inmost]
    return []


def nearest(name: str, known: Iterable[str]) -> str:
    """Return `; did you mean …?` with the known name most like `name`, or nothing when none is like it."""
    by_lower_case = {one.lower(): one for one in known}
    match = difflib.get_close_matches(name.lower(), by_lower_case, n=1)
    return f"; did you mean {by_lower_case[match[0]]}?" if match else ""


def shown(value: Any) -> str:
    """A value as YAML writes it, shortened; a section or list by its name."""
    if isinstance(value, dict | list):
        name = "section" if isinstance(value, dict) else "list"
        return f"a {name}" if value else f"an empty {name}"
    if isinstance(value, str) and len(value) > SHOWN_CHARACTERS:
        value = value[:SHOWN_CHARACTERS] + "…"
    return json.dumps(value, ensure_ascii=False, default=str)


def _holds(path: str, other: str) -> bool:
    return other.startswith((f"{path}.", f"{path}["))


def _problem(schema: Schema, detail: ErrorDetails) -> tuple[str, str]:
    """Key path (each key after a dot, each index in brackets) and what is wrong there."""
    location, value, error = detail["loc"], detail["input"], detail["type"]
    if location[-1:] == ("[key]",) or error == "invalid_key":
        return _walk(schema, location[:-1])[1], "a key is not text; put it in quotes"
    if error == "extra_forbidden":
        node, path = _walk(schema, location[:-1])
        return f"{path}.{location[-1]}", f"unknown key{_known(schema, node, str(location[-1]))}"
    node, path = _walk(schema, location)
    if error == "value_error":
        return path, detail["msg"].removeprefix("Value error, ")
    if error.startswith("union_tag"):
        tag, node = node["discriminator"]["propertyName"], {"enum": list(node["discriminator"]["mapping"])}
        path, value, error = f"{path}.{tag}", value.get(tag), error if tag in value else "missing"
    allowed = _allowed(schema, node)
    if error == "missing":
        return path, f"this key is missing; expected {allowed}"
    return path, f"expected {allowed}, found {shown(value)}{_repair(schema, node, allowed, value)}"


def _walk(schema: Schema, location: tuple[int | str, ...]) -> tuple[Schema, str]:
    """The part of the schema that an error's location leads to, and its key path in the file."""
    node, path = schema, ""
    for part in location:
        variants = node.get("discriminator", {}).get("mapping", {})
        if part in variants:
            node = _resolved(schema, {"$ref": variants[part]})
            continue
        inner = [one for option in _options(schema, node) for one in _inner(option, part)]
        # a part that leads nowhere is the name that pydantic gives to a variant of a union
        if inner:
            node, path = _resolved(schema, inner[0]), path + (f"[{part}]" if isinstance(part, int) else f".{part}")
    return node, path


def _inner(node: Schema, part: int | str) -> list[Schema]:
    entries = node.get("items") if isinstance(part, int) else node.get("additionalProperties")
    inner = node.get("properties", {}).get(part, entries)
    return [inner] if isinstance(inner, dict) else []


def _options(schema: Schema, node: Schema) -> list[Schema]:
    """The variants of a union; of anything else itself."""
    return [_resolved(schema, option) for option in node.get("anyOf", [node])]


def _resolved(schema: Schema, node: Schema) -> Schema:
    return schema["$defs"][node["$ref"].rpartition("/")[2]] if "$ref" in node else node


def _allowed(schema: Schema, node: Schema) -> str:
    """What may stand at a place, in words."""
    node = _resolved(schema, node)
    if "anyOf" in node:
        return ", or ".join(_allowed(schema, option) for option in node["anyOf"])
    if "discriminator" in node:
        tag = node["discriminator"]
        return f"a section whose {tag['propertyName']} is one of {', '.join(tag['mapping'])}"
    if names := _names(node):
        return f"one of {', '.join(names)}" if len(names) > 1 else names[0]
    if "properties" in node:
        return f"a section with the keys {', '.join(node['properties'])}"
    if inner := node.get("items") or node.get("additionalProperties"):
        name = "list" if node["type"] == "array" else "section"
        fewest = f" of {node['minItems']} or more" if "minItems" in node else ""
        return f"a {name}{fewest}, each entry {_allowed(schema, inner)}"
    if node["type"] == "string":
        return f"text that matches {node['pattern']}" if "pattern" in node else "text"
    return ", ".join([PLAIN[node["type"]], *(words.format(node[key]) for key, words in BOUNDS.items() if key in node)])


def _names(node: Schema) -> list[str]:
    return [str(value) for value in node.get("enum", [node["const"]] if "const" in node else [])]


def _known(schema: Schema, node: Schema, key: str) -> str:
    keys = [name for option in _options(schema, node) for name in option.get("properties", {})]
    return nearest(key, keys) or f"; known keys: {', '.join(keys)}"


def _repair(schema: Schema, node: Schema, allowed: str, value: Any) -> str:
    """The nearest allowed name, or what to do about quotes."""
    if isinstance(value, str):
        names = [name for option in _options(schema, node) for name in _names(option)]
        return nearest(value, names) or ("; remove the quotes" if _is_number(value) and "number" in allowed else "")
    is_scalar = value is not None and not isinstance(value, dict | list)
    return "; put it in quotes" if is_scalar and allowed.startswith("text") else ""


def _is_number(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return True
