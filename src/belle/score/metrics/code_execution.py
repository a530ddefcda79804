"""Metric `code_execution`: the answer's Python passes the assertions of the reference, in a sandbox."""

import ast
import re

from belle.sandbox.run import run_python

BLOCK = re.compile(r"^[ \t]*```[^\n`]*\n(.*?)^[ \t]*```", re.DOTALL | re.MULTILINE)


def score(answer: str, reference: str) -> float | None:
    """Return 1.0 when the answer's code and then the assertions run to their end, else 0.0.

    None for a reference without assertions. Code is what stands in Markdown fences, or the whole text; of the
    reference only its `assert` and `import` statements run, not what it defines.

    Raises:
        UserError: there is no sandbox on this machine.
    """
    tests, program = assertions(code(reference)), code(answer)
    if tests is None:
        return None
    return float(bool(program.strip()) and run_python([program, tests]))


def code(text: str) -> str:
    """Return the fenced blocks of a text one after the other, or the whole text without any."""
    return "\n".join(BLOCK.findall(text)) or text


def assertions(source: str) -> str | None:
    """Return the `assert` and `import` statements of Python source; None without an assertion."""
    try:
        statements = ast.parse(source).body
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None
    kept = [one for one in statements if isinstance(one, ast.Assert | ast.Import | ast.ImportFrom)]
    if not any(isinstance(one, ast.Assert) for one in kept):
        return None
    return "\n".join(map(ast.unparse, kept))
