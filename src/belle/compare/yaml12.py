"""Read YAML by libyaml: dvc.lock in a twentieth of the time that ruamel.yaml takes."""

import re
from typing import Any, ClassVar

import yaml

SCALARS = {
    "null": (r"~|null|Null|NULL|", ["~", "n", "N", ""]),
    "bool": (r"true|True|TRUE|false|False|FALSE", list("tTfF")),
    "int": (r"[-+]?[0-9]+|0o[0-7]+|0x[0-9a-fA-F]+", list("-+0123456789")),
    "float": (
        r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?|[-+]?\.(inf|Inf|INF)|\.(nan|NaN|NAN)",
        list("-+.0123456789"),
    ),
    "merge": ("<<", ["<"]),
}
"""What is no text: patterns of YAML 1.2 and the characters that they begin with."""


class Loader(yaml.CSafeLoader):
    """Reads scalars as YAML 1.2, which DVC writes: 2e-4 is a number; `no`, 12:30 and 2026-01-01 are texts."""

    yaml_implicit_resolvers: ClassVar[dict[str, Any]] = {}


for _name, (_pattern, _first) in SCALARS.items():
    Loader.add_implicit_resolver(f"tag:yaml.org,2002:{_name}", re.compile(f"^(?:{_pattern})$"), _first)


def read_yaml(text: bytes) -> dict[str, Any]:
    """Return the mapping that a YAML file holds, empty for an empty file.

    Raises:
        ValueError: it is no YAML, as with the marks of a merge conflict, or no mapping.
    """
    try:
        found = yaml.load(text, Loader) or {}
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        raise ValueError(f"no YAML{f', line {mark.line + 1}' if mark else ''}") from None
    if not isinstance(found, dict):
        raise ValueError("no mapping")
    return found
