"""Sentences and tables, printed on a terminal or as Markdown."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from rich.cells import cell_len
from rich.console import Console
from rich.table import Table as RichTable
from rich.text import Text


@dataclass(frozen=True)
class Table:
    """A table of texts; numbers stand to the right.

    Attributes:
        title: what it shows.
        header: names of the columns; the first one names the rows.
        rows: as many cells as columns.
        text_columns: numbers of the columns that hold words.
    """

    title: str
    header: Sequence[str]
    rows: Sequence[Sequence[str]]
    text_columns: frozenset[int] = frozenset({0})


TEXT_WIDTH = 12
"""Columns to which a text may be folded; numbers are never folded."""
GAP = 2
"""Columns between two of a table."""
Block = str | Table
"""A paragraph or a table."""


def print_blocks(blocks: Sequence[Block]) -> None:
    """Print blocks in the width that the terminal has; a table that is too wide continues below."""
    console = Console(highlight=False)
    for number, block in enumerate(blocks):
        if isinstance(block, str):
            console.print(Text(block), soft_wrap=not console.is_terminal)
            continue
        if number:
            console.print()
        console.print(Text(block.title, "bold"))
        for columns in _fitting(block, console.width):
            console.print(_rich(block, columns))


def markdown(blocks: Sequence[Block]) -> str:
    """Return blocks as Markdown."""
    return (
        "\n\n".join(block if isinstance(block, str) else "\n".join(_markdown_table(block)) for block in blocks) + "\n"
    )


def _fitting(table: Table, width: int) -> Iterator[list[int]]:
    """Yield the columns of each part of a table that fits into a width; the first column is in all."""
    columns = [0]
    for number in range(1, len(table.header)):
        needed = sum(_least_width(table, one) + GAP for one in [*columns, number]) - GAP
        if needed > width and len(columns) > 1:
            yield columns
            columns = [0]
        columns.append(number)
    yield columns


def _least_width(table: Table, column: int) -> int:
    longest = max(cell_len(text) for text in (table.header[column], *(row[column] for row in table.rows)))
    return min(longest, TEXT_WIDTH) if column in table.text_columns else longest


def _rich(table: Table, columns: Sequence[int]) -> RichTable:
    found = RichTable(box=None, pad_edge=False, header_style="dim")
    for number in columns:
        justify: Literal["left", "right"] = "left" if number in table.text_columns else "right"
        least = _least_width(table, number)
        found.add_column(Text(table.header[number]), justify=justify, overflow="fold", min_width=least)
    for row in table.rows:
        found.add_row(*(Text(row[number]) for number in columns))
    return found


def _markdown_table(table: Table) -> Iterator[str]:
    yield f"**{_escaped(table.title)}**"
    yield ""
    yield _markdown_row(table.header)
    yield _markdown_row(["---" if number in table.text_columns else "---:" for number in range(len(table.header))])
    yield from map(_markdown_row, table.rows)


def _markdown_row(cells: Sequence[str]) -> str:
    escaped = (_escaped(cell.strip()).replace("|", "\\|") for cell in cells)
    return f"| {' | '.join(escaped)} |"


def _escaped(text: str) -> str:
    return text.replace("\\", "\\\\").replace("*", "\\*").replace("\n", " ")
