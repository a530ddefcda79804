"""Two rows side by side, what differs in color; one above the other where there is no room."""

from difflib import SequenceMatcher

from rich import box
from rich.console import Console
from rich.table import Table
from rich.text import Text

from belle.browse.show import messages, print_text
from belle.browse.wrap import wrap
from belle.data.printable import printable
from belle.data.tables import Row

NARROW = 80
"""Columns below which two rows stand one above the other."""
BORDERS = 7
"""Columns between and around the two."""
ALIKE = 0.5
"""Texts with less in common are not marked: everything would be."""
CHARACTERS_COMPARED = 4_000
"""Comparing takes time with the square of the length."""


def compare(console: Console, row: Row, name: str, other: Row) -> None:
    """Print a row beside `other`, which is called `name`."""
    left, right = Text("\n\n").join(messages(row, None)), Text("\n\n").join(messages(other, None))
    mark_differences(left, right)
    if console.width < NARROW or not console.is_terminal:
        for text in (Text(), left, Text(f"\n{printable(name)}:", "bold"), right):
            print_text(console, text)
        return
    width = (console.width - BORDERS) // 2
    table = Table(box=box.SIMPLE_HEAD, padding=(0, 1))
    for header in (row["id"], name):
        table.add_column(Text(printable(header), "bold"), width=width, no_wrap=True, overflow="ellipsis")
    table.add_row(wrap(left, width), wrap(right, width))
    console.print(table)


def mark_differences(left: Text, right: Text) -> None:
    """Color what one of two texts has and the other has not."""
    if max(len(left), len(right)) > CHARACTERS_COMPARED:
        return
    matcher = SequenceMatcher(None, left.plain, right.plain, autojunk=False)
    if matcher.ratio() < ALIKE:
        return
    for kind, start, end, other_start, other_end in matcher.get_opcodes():
        if kind != "equal":
            left.stylize("reverse red", start, end)
            right.stylize("reverse green", other_start, other_end)
