"""A digest of the code that scores by rule: scores of another code are not comparable."""

import ast
import hashlib
from collections.abc import Iterable
from importlib.metadata import version
from pathlib import Path

LIBRARIES = ("sacrebleu", "rouge-score")
PACKAGES = ("metrics", "numbers")
"""Those of this folder that score by rule."""


def metrics_digest() -> str:
    """Return the hexadecimal SHA-256 of the metrics' code and of the versions of its libraries."""
    files = (file for package in PACKAGES for file in sorted((Path(__file__).parent / package).glob("*.py")))
    sources = [file.read_text(encoding="utf-8") for file in files]
    return code_digest([*sources, *(f"'{name}' == '{version(name)}'" for name in LIBRARIES)])


def code_digest(sources: Iterable[str]) -> str:
    """Return the hexadecimal SHA-256 of Python sources without comments, docstrings and layout."""
    digest = hashlib.sha256()
    for source in sources:
        digest.update(ast.unparse(_Undocumented().visit(ast.parse(source))).encode() + b"\0")
    return digest.hexdigest()


class _Undocumented(ast.NodeTransformer):
    """Take away texts that stand alone, as docstrings do."""

    def visit_Expr(self, node: ast.Expr) -> ast.AST | None:
        alone = isinstance(node.value, ast.Constant) and isinstance(node.value.value, str)
        return None if alone else node
