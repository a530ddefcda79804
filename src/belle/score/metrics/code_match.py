"""Metric `code_match`: the answer is the code of the reference, character by character."""

import re

FENCE = re.compile(r"\s*```[^\n`]*\n(.*?)\n?[ \t]*(?:```\s*)?", re.DOTALL)


def score(answer: str, reference: str) -> float | None:
    """Return 1.0 when both are the same `program`, else 0.0; None for an empty reference."""
    expected = program(reference)
    return float(program(answer) == expected) if expected else None


def program(text: str) -> str:
    """Return code without the Markdown fence around it, blank lines around it and blanks at the end of its lines.

    Case, width and indentation have a meaning in code and stay; so does prose before or after a fence, which may lack
    its end.
    """
    fenced = FENCE.fullmatch(text)
    lines = (fenced[1] if fenced else text).split("\n")
    return "\n".join(line.rstrip() for line in lines).strip("\n")
