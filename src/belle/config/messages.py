"""Words for mistakes in the configuration: file, key path, what is expected, what was found, the nearest known name.

pydantic finds and words the mistakes; own code strips the names of its union variants from the key path, adds the
value that was found and suggests the nearest known name. Nothing here decides what is valid.
"""

import difflib
import json
import re
from collections.abc import Iterable
from pathlib import Path
from typing import Any, get_args

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

SHOWN_CHARACTERS = 60
NOT_A_SECTION = ("model_type", "model_attributes_type", "dict_type", "mapping_type")


def problems_of(kind: type[BaseModel], value: Any, file: Path, at: str = "") -> list[str]:
    """Return every mistake of `value` as a `kind`, one line each; none when it is valid.

    Args:
        kind: the model it should be.
        value: as read from YAML.
        file: where it was read.
        at: the key path of `value` in `file`, empty for the whole file.
    """
    try:
        kind.model_validate(value)
    except ValidationError as error:
        found: dict[str, list[str]] = {}
        for detail in error.errors():
            path, message = _problem(kind, value, detail)
            found.setdefault(path, []).append(message)
        # a union also complains as a whole when an entry of one of its variants is wrong
        inmost = [path for path in found if not any(other.startswith((f"{path}.", f"{path}[")) for other in found)]
        return [": ".join(filter(None, [str(file), (at + path).lstrip("."), _joined(found[path])])) for path in inmost]
    return []


def nearest(name: str, known: Iterable[str]) -> str:
    """Return `; did you mean …?` with the known name most like `name`, empty when none is like it."""
    by_lower_case = {one.lower(): one for one in known}
    match = difflib.get_close_matches(name.lower(), by_lower_case, n=1)
    return f"; did you mean {by_lower_case[match[0]]}?" if match else ""


def shown(value: Any) -> str:
    """Return a value as YAML writes it, shortened; a section or list by its name."""
    if isinstance(value, dict | list):
        name = "section" if isinstance(value, dict) else "list"
        return f"a {name}" if value else f"an empty {name}"
    if isinstance(value, str) and len(value) > SHOWN_CHARACTERS:
        value = value[:SHOWN_CHARACTERS] + "…"
    return json.dumps(value, ensure_ascii=False, default=str)


def _problem(kind: type[BaseModel], value: Any, detail: ErrorDetails) -> tuple[str, str]:
    """Return the key path (each key after a dot, each index in brackets) and what is wrong there."""
    error, found, context = detail["type"], detail["input"], detail.get("ctx", {})
    keys = _keys(value, detail["loc"], is_missing=error == "missing")
    path = "".join(f"[{key}]" if isinstance(key, int) else f".{key}" for key in keys)
    if error == "missing":
        return path, "this key is missing"
    if error == "extra_forbidden":
        known = _known_keys(kind, keys[:-1])
        return path, f"unknown key{nearest(str(keys[-1]), known) or '; known keys: ' + ', '.join(known)}"
    if error == "value_error":
        return path, detail["msg"].removeprefix("Value error, ")
    if error == "invalid_key" or detail["loc"][-1:] == ("[key]",):
        return path, "a key is not text; put it in quotes"
    if error in NOT_A_SECTION:
        return path, f"expected a section, found {shown(found)}"
    if error == "union_tag_not_found":
        return f"{path}.kind", "this key is missing"
    if error == "union_tag_invalid":
        path, found, detail["msg"] = f"{path}.kind", found["kind"], f"Input should be {context['expected_tags']}"
    expected = re.sub(r"^(Input|String|List|Value) should ((be|have) )?", "", detail["msg"])
    expected = re.sub(r"^(?=greater|less)", "a value ", expected).replace("match pattern", "text that matches")
    expected = expected.partition(" after validation")[0]
    return path, f"expected {expected}, found {shown(found)}{_hint(error, found, detail['msg'])}"


def _keys(value: Any, location: tuple[int | str, ...], is_missing: bool) -> list[int | str]:
    """Return the parts of an error's location that are keys of the file; the others name the variant of a union."""
    keys: list[int | str] = []
    for index, part in enumerate(location):
        is_last = index == len(location) - 1
        is_tag = isinstance(value, dict) and value.get("kind") == part and not is_last
        has_part = part in value if isinstance(value, dict) else isinstance(value, list) and isinstance(part, int)
        if (has_part and not is_tag) or (is_last and is_missing):
            keys.append(part)
            value = value[part] if has_part else None
    return keys


def _known_keys(kind: type[BaseModel], keys: list[int | str]) -> list[str]:
    models = [kind]
    for key in keys:
        fields = [model.model_fields[str(key)] for model in models if str(key) in model.model_fields]
        models = [inner for field in fields for inner in _models(field.annotation)]
    return [name for model in models for name in model.model_fields]


def _models(annotation: Any) -> list[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return [annotation]
    return [model for argument in get_args(annotation) for model in _models(argument)]


def _hint(error: str, found: Any, message: str) -> str:
    """Return the nearest allowed name, or what to do about quotes."""
    if isinstance(found, str) and error in ("literal_error", "union_tag_invalid"):
        return nearest(found, re.findall(r"'([^']*)'", message))
    if isinstance(found, str) and re.fullmatch(r"[-+.\deE]+", found) and error.startswith(("int", "float")):
        return "; remove the quotes"
    is_scalar = found is not None and not isinstance(found, dict | list)
    return "; put it in quotes" if error == "string_type" and is_scalar else ""


def _joined(messages: list[str]) -> str:
    """Return one line of what the variants of a union expect."""
    first, *others = dict.fromkeys(messages)
    if not others or ", found " not in first:
        return first
    expected = [message.partition(", found ")[0].removeprefix("expected ") for message in (first, *others)]
    # the longest has the hint that one variant gives
    found = max((message.partition(", found ")[2] for message in (first, *others)), key=len)
    return f"expected {' or '.join(expected)}, found {found}"
