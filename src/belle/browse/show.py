"""`belle data show`: page through rows of data/clean in the terminal."""

import os
import shutil
from collections.abc import Iterable, Iterator
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path

from rich.console import Console
from rich.text import Text

from belle.browse.select import Selection, select_rows
from belle.browse.wrap import wrap
from belle.data.printable import cut, printable
from belle.data.tables import Row
from belle.words import counted

CHARACTERS_SHOWN = 2_000
"""Of one message, unless a single row is asked for."""
ROLES = {"system": "bold magenta", "user": "bold cyan", "assistant": "bold green"}


def show_rows(data: Path, wanted: Selection, start: int, count: int) -> None:
    """Print rows of data/clean with what cleaning said of them: through a pager on a terminal, plain text elsewhere.

    Raises:
        UserError: there are no such rows.
    """
    rows = select_rows(data, wanted, start, count + 1)
    console, shown = Console(), rows[:count]
    with paged(console):
        for number, row in enumerate(shown, start):
            print_text(console, Text.assemble((f"[{number}] ", "dim"), title(row)))
            print_text(console, Text("\n").join([*messages(row, None if wanted.id else CHARACTERS_SHOWN), Text()]))
        if len(rows) > count:
            print_text(console, Text(f"more: --start {start + count}", "dim"))


def paged(console: Console) -> AbstractContextManager:
    """Return what sends the output of a block to a pager where a person reads it."""
    if not console.is_terminal:
        return nullcontext()
    # as git does: quit when it fits on the screen, keep colors and what was shown
    os.environ.setdefault("LESS", "FRX")
    pager = os.environ.get("MANPAGER") or os.environ.get("PAGER") or "less"
    is_less = Path(pager.split()[0]).name == "less" and shutil.which("less") is not None
    return console.pager(styles=is_less)


def print_text(console: Console, text: Text) -> None:
    """Print a text: wrapped by a terminal's width, each line whole in a file or pipe."""
    if console.is_terminal:
        console.print(wrap(text, console.width), no_wrap=True, overflow="crop")
    else:
        console.print(text, soft_wrap=True)


def title(row: Row) -> Text:
    """Return a line that says what a row is, and why it was dropped."""
    facts = [row["source"], row.get("language"), row.get("category")]
    if turns := sum(message["role"] == "user" for message in row.get("messages") or ()):
        facts.append(counted(turns, "turn"))
    text = Text.assemble((printable(row["id"]), "bold"), "  ", printable(" · ".join(fact for fact in facts if fact)))
    if row.get("reason"):
        text.append("  ").append(printable(why_dropped(row)), "red")
    return text


def why_dropped(row: Row) -> str:
    """Return the reason of a dropped row with what it matches and what the filter saw."""
    parts = [row["reason"]]
    parts += [f"matches {row['match']}"] if row.get("match") else []
    parts += [f"similarity {row['similarity']:.3f}"] if row.get("similarity") is not None else []
    parts += [row["detail"]] if row.get("detail") else []
    return ", ".join(parts)


def messages(row: Row, characters: int | None) -> Iterator[Text]:
    """Yield the text of a row by message, each cut to so many characters; a text or a dropped row is one."""
    for role, content in _contents(row):
        shown = content if characters is None else cut(content, characters)
        yield Text.assemble((f"{printable(role)}: ", ROLES.get(role, "bold")) if role else "", printable(shown))


def _contents(row: Row) -> Iterable[tuple[str, str]]:
    if "messages" in row:
        return [(message["role"], message["content"]) for message in row["messages"]]
    return [("", row["text"] or "")]
