"""`belle data`: look at rows of data/clean, kept and dropped."""

from pathlib import Path
from typing import Annotated, Literal

import typer

app = typer.Typer(no_args_is_help=True, help="Look at the rows of data/clean, kept and dropped.")


@app.command()
def show(
    table: Annotated[Literal["conversations", "texts"], typer.Option(help="Which table.")] = "conversations",
    dropped: Annotated[bool, typer.Option("--dropped", help="The rows that cleaning dropped, with reasons.")] = False,
    reason: Annotated[str | None, typer.Option(help="Only rows dropped for this reason.")] = None,
    source: Annotated[str | None, typer.Option(help="Only rows of this source.")] = None,
    category: Annotated[str | None, typer.Option(help="Only rows of this category; none: without one.")] = None,
    language: Annotated[str | None, typer.Option(help="Only rows in this language, as in zh.")] = None,
    id: Annotated[str | None, typer.Option("--id", help="The row with this id, whole.")] = None,
    search: Annotated[str | None, typer.Option(help="Only rows that hold this text, in either case.")] = None,
    count: Annotated[int, typer.Option("--count", "-n", min=1, help="How many rows.")] = 10,
    start: Annotated[int, typer.Option(min=0, help="How many rows to leave out first.")] = 0,
) -> None:
    """Print kept or dropped rows, through a pager on a terminal."""
    from belle.browse.select import Selection
    from belle.browse.show import show_rows

    is_dropped = dropped or reason is not None
    wanted = Selection(table, is_dropped, id, source, language, category, reason, search)
    show_rows(Path("data"), wanted, start, count)


@app.command()
def why(id: Annotated[str, typer.Argument(help="Id of a row, as in mini-general-17.")]) -> None:
    """Say what happened to a row: its source, whether cleaning kept it and why not, what tokenize made of it."""
    from belle.browse.why import explain

    explain(Path("data"), id)
