"""Markdown that reads well in a terminal too: padded tables, bars, text that is shown as it is."""

import re
from collections.abc import Iterable, Sequence

from rich.cells import cell_len

from belle.data.printable import printable

BAR = 20
"""Characters of the longest bar."""


def table_lines(header: Sequence[str], rows: Iterable[Sequence[str]]) -> list[str]:
    """Return a Markdown table padded for a terminal, where Chinese is two columns wide; numbers stand on the right."""
    cells = [[escaped(cell) for cell in row] for row in (header, *rows)]
    widths = [max(3, *map(cell_len, column)) for column in zip(*cells, strict=True)]
    is_number = [
        bool(name) and all(re.fullmatch(r"[\d,.]* ?%?", cell) for cell in column)
        for name, *column in zip(*cells, strict=True)
    ]
    rules = [f"{'-' * (width - 1)}{':' if right else '-'}" for width, right in zip(widths, is_number, strict=True)]
    padded = [[_padded(*cell) for cell in zip(row, widths, is_number, strict=True)] for row in cells]
    return [f"| {' | '.join(row)} |" for row in (padded[0], rules, *padded[1:])]


def _padded(cell: str, width: int, is_number: bool) -> str:
    blanks = " " * (width - cell_len(cell))
    return blanks + cell if is_number else cell + blanks


def escaped(text: str) -> str:
    r"""Return text that Markdown shows as it is: `a*b` as `a\*b`, a line break as a blank."""
    line = re.sub(r"[\n\t]", " ", printable(text))
    # an underscore inside a word means nothing
    return re.sub(r"([\\`*\[\]<>#|~$&]|(?<![^\W_])_|_(?![^\W_]))", r"\\\1", line)


def fenced(text: str) -> list[str]:
    """Return text as a block that Markdown does not interpret, whatever backticks it holds."""
    longest = max(map(len, re.findall("`+", text)), default=0)
    fence = "`" * max(3, longest + 1)
    return [f"{fence}text", *text.split("\n"), fence]


def bar(part: float) -> str:
    """Return a share as a bar of blocks, at least a thin one when it is above 0."""
    eighths = max(round(part * BAR * 8), 1 if part > 0 else 0)
    return "█" * (eighths // 8) + (" ▏▎▍▌▋▊▉"[eighths % 8] if eighths % 8 else "")


def share(count: int, total: int) -> str:
    """Return a share in percent, with a digit more where it is small."""
    part = 100 * count / max(total, 1)
    return f"{part:.1f} %" if part >= 0.1 or not count else f"{part:.2g} %"
