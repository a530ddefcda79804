"""Sentences and tables, printed on a terminal or as Markdown."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

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


TEXT_WIDTH = 8
"""Columns to which a text may be folded; numbers are never folded."""
Block = str | Table
"""A paragraph or a table."""


def print_blocks(blocks: Sequence[Block]) -> None:
    """Print blocks in the width that the terminal has."""
    console = Console(highlight=False)
    for number, block in enumerate(blocks):
        if number and isinstance(block, Table):
            console.print()
        if isinstance(block, str):
            console.print(Text(block))
        else:
            console.print(Text(block.title, "bold"))
            console.print(_rich(block))


def markdown(blocks: Sequence[Block]) -> str:
    """Return blocks as Markdown."""
    return (
        "\n\n".join(block if isinstance(block, str) else "\n".join(_markdown_table(block)) for block in blocks) + "\n"
    )


def _rich(table: Table) -> RichTable:
    found = RichTable(box=None, pad_edge=False, header_style="dim")
    for number, name in enumerate(table.header):
        is_text = number in table.text_columns
        needed = max(cell_len(text) for text in (name, *(row[number] for row in table.rows)))
        found.add_column(
            Text(name),
            justify="left" if is_text else "right",
            overflow="fold",
            min_width=min(needed, TEXT_WIDTH) if is_text else needed,
        )
    for row in table.rows:
        found.add_row(*(Text(cell) for cell in row))
    return found


def _markdown_table(table: Table) -> Iterator[str]:
    yield f"**{table.title}**"
    yield ""
    yield _markdown_row(table.header)
    yield _markdown_row(["---" if number in table.text_columns else "---:" for number in range(len(table.header))])
    yield from map(_markdown_row, table.rows)


def _markdown_row(cells: Sequence[str]) -> str:
    escaped = (cell.strip().replace("\\", "\\\\").replace("|", "\\|").replace("\n", " ") for cell in cells)
    return f"| {' | '.join(escaped)} |"
