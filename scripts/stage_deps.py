"""Write into dvc.yaml which modules each stage imports, so that DVC reruns exactly the stages a change concerns.

Run after an import changed: `python scripts/stage_deps.py`. A test fails while dvc.yaml differs from the imports.
"""

import ast
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

SOURCE = Path("src")


def import_closure(script: Path) -> list[str]:
    """Paths of all modules of this project that `script` imports, directly or not, sorted.

    Packages whose `__init__.py` holds only a docstring are left out: they cannot change what a stage does.
    """
    found: set[Path] = set()
    waiting = [script]
    while waiting:
        modules = {path for name in _imported_names(waiting.pop()) for path in _files_of(name)}
        waiting += modules - found
        found |= modules
    return sorted(str(path) for path in found)


def stage_bodies(pipeline: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    """Name and body of every stage; of a `foreach` stage what stands under `do`."""
    for name, stage in pipeline["stages"].items():
        yield name, stage.get("do", stage)


def code_deps(body: dict[str, Any]) -> list[str]:
    """Deps a stage should list for its code: its script, then what that imports."""
    script = Path(str(body["cmd"]).split()[1])
    return [str(script), *import_closure(script)]


def is_code(dep: str) -> bool:
    """Whether a dep of dvc.yaml is code of this project."""
    return dep.startswith(("stages/", "src/"))


def _imported_names(path: Path) -> Iterator[str]:
    for node in _executed(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def _executed(node: ast.AST) -> Iterator[ast.AST]:
    """All nodes but those under `if TYPE_CHECKING:`, which only type checkers read."""
    yield node
    if isinstance(node, ast.If) and isinstance(node.test, ast.Name) and node.test.id == "TYPE_CHECKING":
        return
    for child in ast.iter_child_nodes(node):
        yield from _executed(child)


def _files_of(name: str) -> Iterator[Path]:
    """Files that importing the dotted `name` runs: a module, and packages with code in their `__init__.py`."""
    parts = name.split(".")
    if parts[0] != "belle":
        return
    for end in range(1, len(parts) + 1):
        path = SOURCE.joinpath(*parts[:end])
        package = path / "__init__.py"
        if path.with_suffix(".py").exists():
            yield path.with_suffix(".py")
        elif package.exists() and len(ast.parse(package.read_text(encoding="utf-8")).body) > 1:
            yield package


def main() -> None:
    """Rewrite the code deps of every stage in dvc.yaml."""
    yaml = YAML()
    yaml.width = 120
    yaml.indent(mapping=2, sequence=4, offset=2)
    pipeline = yaml.load(Path("dvc.yaml"))
    for _, body in stage_bodies(pipeline):
        body["deps"][:] = [*code_deps(body), *(dep for dep in body["deps"] if not is_code(dep))]
    yaml.dump(pipeline, Path("dvc.yaml"))


if __name__ == "__main__":
    main()
