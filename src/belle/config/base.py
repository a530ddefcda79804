"""Typed sections of params.yaml and of the profiles: one strict pydantic model each, problems as plain lines.

YAML is read as version 1.2: `dvc exp run -S train.ft.learning_rate=2e-5` writes `2e-05`, which YAML 1.1 readers
take for a string.
"""

from pathlib import Path
from typing import Annotated, Any, TypeVar

from pydantic import BaseModel, ConfigDict, Field
from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError

from belle.config.messages import nearest, problems_of, shown
from belle.errors import UserError

PARAMS = Path("params.yaml")
CONFIGS = Path("configs")
WORDS = {str: "text", int: "a whole number", bool: "true or false"}


class Section(BaseModel):
    """A part of the configuration: unknown keys refused, no silent conversion of types, read-only."""

    model_config = ConfigDict(
        extra="forbid", strict=True, frozen=True, allow_inf_nan=False, use_attribute_docstrings=True
    )


PROFILE_NAME = r"^[\w\-][\w.\-]{0,99}$"
ProfileName = Annotated[str, Field(pattern=PROFILE_NAME)]
"""Name of a file below configs/, without its ending."""

S = TypeVar("S", bound=Section)
T = TypeVar("T")


def read_yaml(path: Path) -> dict[str, Any]:
    """Read a YAML 1.2 mapping.

    Raises:
        UserError: no such file, not readable, not YAML, empty, or no keys at its top.
    """
    try:
        text = Path(path).read_text(encoding="utf-8")
    except FileNotFoundError:
        raise UserError(f"{path}: no such file{_nearest_file(Path(path))}") from None
    except OSError as error:
        raise UserError(f"{path}: cannot be read: {error.strerror}") from None
    except ValueError as error:
        raise UserError(f"{path}: not UTF-8 text: {error}") from None
    try:
        value = YAML(typ="safe", pure=True).load(text)
    # besides YAMLError whatever Python says of an impossible date, a tag on the wrong value, brackets without end
    except Exception as error:
        raise UserError(f"{path}: not valid YAML: {_yaml_problem(error)}") from None
    if value is None:
        raise UserError(f"{path}: the file is empty; expected keys with values")
    if not isinstance(value, dict):
        raise UserError(f"{path}: expected keys with values at the top, found {shown(value)}")
    return value


def parse(kind: type[S], value: Any, file: Path, at: str = "") -> S:
    """Return `value` as a `kind`, or raise one UserError that lists every problem.

    Args:
        kind: the section or profile it should be.
        value: as read from YAML.
        file: where it was read.
        at: the key path of `value` in `file`, empty for the whole file.
    """
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
        raise UserError(f"{PARAMS}: {key}: expected {WORDS[kind]}, found {shown(value)}")
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


def _yaml_problem(error: Exception) -> str:
    """Return place and problem in one line, without the excerpts that ruamel adds."""
    if isinstance(error, MarkedYAMLError) and error.problem_mark:
        mark = error.problem_mark
        # a duplicate key is followed by both its values, which may be whole sections
        problem = error.problem.partition(" with value ")[0]
        return f"line {mark.line + 1}, column {mark.column + 1}: {problem}"
    return f"{type(error).__name__}: {' '.join(str(error).split())}"


def _nearest_file(path: Path) -> str:
    if path == PARAMS:
        return "; run this at the root of the repository"
    names = sorted(other.stem for other in path.parent.glob("*.yaml"))
    return nearest(path.stem, names) or (f"; there are: {', '.join(names)}" if names else "")
