"""Typed sections of params.yaml and of the profiles: one strict pydantic model each, problems as plain lines.

YAML is read as version 1.2: `dvc exp run -S train.ft.learning_rate=2e-5` writes `2e-05`, which YAML 1.1 readers
take for a string.
"""

import difflib
from pathlib import Path
from typing import Any, TypeVar

from pydantic import BaseModel, ConfigDict, ValidationError
from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError

from belle.errors import UserError

PARAMS = Path("params.yaml")
CONFIGS = Path("configs")


class Section(BaseModel):
    """A part of the configuration: unknown keys refused, no silent conversion of types, read-only."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True, populate_by_name=True)


S = TypeVar("S", bound=Section)
T = TypeVar("T")


def read_yaml(path: Path) -> dict[str, Any]:
    """Read a YAML 1.2 mapping.

    Raises:
        UserError: no such file, not YAML, or not a mapping at its top.
    """
    try:
        value = YAML(typ="safe").load(Path(path).read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise UserError(f"{path}: no such file{_nearest_file(Path(path))}") from None
    except (YAMLError, UnicodeDecodeError) as error:
        raise UserError(f"{path}: not valid YAML: {' '.join(str(error).split())}") from None
    if not isinstance(value, dict):
        raise UserError(f"{path}: expected a mapping of keys at the top, found {type(value).__name__}")
    return value


def problems_of(kind: type[S], value: Any, file: Path, at: str = "") -> list[str]:
    """Every problem of `value` as a `kind`: file, key path, what is wrong, what is allowed, the nearest key."""
    try:
        kind.model_validate(value)
    except ValidationError as error:
        return [_line(kind, detail, file, at) for detail in error.errors()]
    return []


def parse(kind: type[S], value: Any, file: Path, at: str = "") -> S:
    """Return `value` as a `kind`, or raise one UserError that lists every problem."""
    if problems := problems_of(kind, value, file, at):
        raise UserError("\n".join(problems))
    return kind.model_validate(value)


def load_params(kind: type[S], section: str = "") -> S:
    """Load one section of params.yaml (dots descend: `train.lora`), or the whole file with an empty name."""
    return parse(kind, _at(section), PARAMS, section)


def read_value(key: str, kind: type[T]) -> T:
    """Read one value of params.yaml, for a stage that needs no more than that of a section.

    Its range is checked by `belle check` and by the stages that load the whole section.
    """
    value = _at(key)
    if type(value) is not kind:
        raise UserError(f"{PARAMS}: {key}: expected {kind.__name__} (found {value!r})")
    return value


def _at(key: str) -> Any:
    value: Any = read_yaml(PARAMS)
    for part in filter(None, key.split(".")):
        if not isinstance(value, dict) or part not in value:
            raise UserError(f"{PARAMS}: {key}: this key is missing")
        value = value[part]
    return value


def load_profile(kind: type[S], folder: str, name: str) -> S:
    """Load `configs/FOLDER/NAME.yaml`."""
    path = CONFIGS / folder / f"{name}.yaml"
    return parse(kind, read_yaml(path), path)


def _line(kind: type[Section], detail: Any, file: Path, at: str) -> str:
    keys = [str(part) for part in detail["loc"]]
    path = ".".join(filter(None, [at, *keys]))
    if detail["type"] == "extra_forbidden":
        return f"{file}: {path}: unknown key{_nearest_key(kind, keys)}"
    if detail["type"] == "missing":
        return f"{file}: {path}: this key is missing"
    message = detail["msg"].removeprefix("Value error, ")
    return f"{file}: {path}: {message} (found {detail['input']!r})"


def _nearest_key(kind: type[BaseModel], keys: list[str]) -> str:
    known = _fields_at(kind, keys[:-1])
    match = difflib.get_close_matches(keys[-1], known, n=1)
    return f"; did you mean {match[0]!r}?" if match else f"; known keys: {', '.join(sorted(known))}"


def _fields_at(kind: type[BaseModel], keys: list[str]) -> list[str]:
    """Names allowed at a key path; descends through nested sections and tagged unions of sections."""
    kinds = [kind]
    for key in keys:
        inner = [
            field.annotation
            for k in kinds
            for n, field in k.model_fields.items()
            if (field.alias or n) == key
        ]
        flat = [
            one for annotation in inner for one in (getattr(annotation, "__args__", None) or (annotation,))
        ]
        kinds = [one for one in flat if isinstance(one, type) and issubclass(one, BaseModel)] or kinds
    return sorted({field.alias or name for k in kinds for name, field in k.model_fields.items()})


def _nearest_file(path: Path) -> str:
    names = sorted(other.stem for other in path.parent.glob("*.yaml"))
    match = difflib.get_close_matches(path.stem, names, n=1)
    if match:
        return f"; did you mean {match[0]!r}?"
    return f"; there are: {', '.join(names)}" if names else ""
