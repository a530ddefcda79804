"""Options that several commands have."""

from typing import Annotated

import typer

Overrides = Annotated[
    list[str] | None,
    typer.Option("--set", "-S", metavar="KEY=VALUE", help="Change params.yaml for this command, as in dvc exp run."),
]
