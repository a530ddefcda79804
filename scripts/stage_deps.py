"""Write into dvc.yaml which modules each stage imports: DVC then reruns exactly the stages that a change concerns."""

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

SOURCE = Path("src")

CANNOT_CHANGE_AN_OUTPUT = {
    "belle.endpoints.connections": "how an endpoint is reached, never what it is asked",
    "belle.endpoints.estimate": "words what replies cost; a stage that it stops leaves no output",
    "belle.endpoints.owner": "which process asks for a reply, never what it asks",
    "belle.endpoints.pace": "when a request is sent, never what it asks",
    "belle.endpoints.retries": "when a request is sent again; a stage that gives up leaves no output",
    "belle.endpoints.spending": "what replies cost; a stage that the budget stops leaves no output",
    "belle.errors": "the type of an error for people; a stage that raises it leaves no output",
    "belle.gpu_lease": "chooses one of a machine's GPUs, which are alike, and waits until it is free",
    "belle.locks": "keeps a second run out; a stage that is refused leaves no output",
    "belle.progress": "writes to standard error; counts that are published are taken elsewhere",
    "belle.signals": "ends a stage, which then leaves no output",
    "belle.stage": "the frame of every stage: words errors, checks the configuration, and runs `main`",
    "belle.config.messages": "words the mistakes that pydantic finds in the configuration",
    "belle.words": "words of messages for people",
}
"""Modules left out of the deps, with the reason: rewording an error must not retrain a model. What only they import is
left out too."""


def import_closure(script: Path, source: Path = SOURCE, excluded: tuple[str, ...] = ()) -> set[Path]:
    """Return the files of all modules below `source` that `script` imports, directly or not.

    Imports inside functions count, those under `if TYPE_CHECKING:` do not. Packages whose `__init__.py` holds only a
    docstring are left out: they cannot change what a stage does.

    Args:
        script: a file.
        source: the folder that imports are resolved in.
        excluded: dotted names of modules that are not followed.
    """
    left_out = {path for name in excluded for path in files_of(name, source)}
    found: set[Path] = set()
    waiting = [script]
    while waiting:
        modules = {path for name in imported_names(waiting.pop(), source) for path in files_of(name, source)}
        waiting += modules - found - left_out
        found |= modules - left_out
    return found


def folded(modules: set[Path], source: Path = SOURCE) -> list[str]:
    """Return the modules as deps, sorted; a folder stands for its files when all that hold code are among them."""
    deps = set(modules)
    # from the outermost folder inwards, so that a package stands for its packages
    folders = {parent for path in modules for parent in path.parents if source in parent.parents}
    for folder in sorted(folders, key=lambda one: len(one.parts)):
        code = {path for path in folder.rglob("*.py") if _has_code(path)}
        if len(code) > 1 and code <= modules and code & deps:
            deps = (deps - code) | {folder}
    return sorted(str(path) for path in deps)


def code_deps(body: dict[str, Any]) -> list[str]:
    """Return the deps that a stage lists for its code: its script, then what that imports."""
    script = Path(str(body["cmd"]).split()[1])
    return [str(script), *folded(import_closure(script, excluded=tuple(CANNOT_CHANGE_AN_OUTPUT)))]


def stage_bodies(pipeline: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield the name and body of every stage; of a `foreach` stage what stands under `do`."""
    for name, stage in pipeline["stages"].items():
        yield name, stage.get("do", stage)


def is_code(dep: str) -> bool:
    """Return whether a dep of dvc.yaml is code of this project."""
    return dep.startswith(("stages/", "src/"))


def write_deps(path: Path) -> None:
    """Rewrite the code deps of every stage in dvc.yaml."""
    yaml = YAML()
    yaml.width = 120
    yaml.indent(mapping=2, sequence=4, offset=2)
    pipeline = yaml.load(path)
    for _, body in stage_bodies(pipeline):
        body["deps"][:] = [*code_deps(body), *(dep for dep in body["deps"] if not is_code(dep))]
    yaml.dump(pipeline, path)


def imported_names(path: Path, source: Path) -> Iterator[str]:
    """Yield the dotted names of all that a file imports; `from a import b` gives `a.b`, a module or a name in one."""
    package = path.relative_to(source).with_suffix("").parts[:-1] if source in path.parents else ()
    for node in _executed(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            # each dot after the first climbs one package
            base = package[: len(package) - node.level + 1] if node.level else ()
            prefix = ".".join([*base, *([node.module] if node.module else [])])
            yield from (f"{prefix}.{alias.name}" for alias in node.names)


def _executed(node: ast.AST) -> Iterator[ast.AST]:
    """All nodes but the body of `if TYPE_CHECKING:`, which only type checkers read."""
    yield node
    children = ast.iter_child_nodes(node)
    if isinstance(node, ast.If) and ast.unparse(node.test) in ("TYPE_CHECKING", "typing.TYPE_CHECKING"):
        children = iter(node.orelse)
    for child in children:
        yield from _executed(child)


def files_of(name: str, source: Path) -> Iterator[Path]:
    """Yield the files that importing the dotted `name` runs: a module, and packages with code in `__init__.py`."""
    parts = name.split(".")
    for end in range(1, len(parts) + 1):
        path = source.joinpath(*parts[:end])
        package = path / "__init__.py"
        if path.with_suffix(".py").is_file():
            yield path.with_suffix(".py")
        elif package.is_file() and _has_code(package):
            yield package


@cache
def _has_code(path: Path) -> bool:
    """Whether a module is more than a docstring."""
    body = ast.parse(path.read_text(encoding="utf-8")).body
    return path.name != "__init__.py" or any(not isinstance(node, ast.Expr) for node in body)
