"""`belle judge`: what judging costs, and batches, which cost half at some providers or need no network."""

from pathlib import Path
from typing import Annotated

import typer

from belle.cli_options import Overrides

app = typer.Typer(no_args_is_help=True, help="Estimate what judging costs; judge through batches.")

Variants = Annotated[
    list[str] | None, typer.Option("--variant", help="Judge only this variant, as in unquantized; may be repeated.")
]


@app.command()
def estimate(variant: Variants = None, overrides: Overrides = None) -> None:
    """Say how many requests have no reply yet, and what they cost: at most, and likely."""
    import sys

    from rich.console import Console

    from belle.endpoints.store import ReplyStore
    from belle.judge.cost import costs, table_of
    from belle.judge.requests import rounds

    with ReplyStore() as store:
        found = costs(rounds(variant or (), overrides or ()), store)
    console = Console(width=None if sys.stdout.isatty() else 160)
    console.print(table_of(found), highlight=False)
    if any(one.likely is None for one in found):
        print("what is likely is known when a model has given its first reply")


@app.command()
def export(
    folder: Annotated[Path, typer.Argument(help="A new folder for the files.")], variant: Variants = None
) -> None:
    """Write the requests without a reply as files for a batch API or `vllm run-batch`."""
    from belle.endpoints.batches.files import export as export_files
    from belle.endpoints.store import ReplyStore
    from belle.judge.requests import rounds
    from belle.words import counted

    requests = {request.key: request for one in rounds(variant or ()) for request in one.requests}
    with ReplyStore() as store:
        missing = [request for key, request in requests.items() if store.state(key) is None]
    for path in export_files(missing, folder) if missing else ():
        print(path)
    print(f"without a reply and in no batch: {len(missing)} of {counted(len(requests), 'request')}")


@app.command()
def submit(variant: Variants = None) -> None:
    """Send the requests without a reply to the batch API of their endpoint."""
    from belle.endpoints.batches.submit import submit as submit_batches
    from belle.endpoints.store import ReplyStore
    from belle.judge.requests import rounds

    for one in rounds(variant or ()):
        with ReplyStore() as store:
            submit_batches(one.requests, one.profile, store, one.budget)


@app.command()
def fetch(
    file: Annotated[Path | None, typer.Argument(help="Results of an exported file, as vllm run-batch writes.")] = None,
    variant: Variants = None,
) -> None:
    """Take the replies of the batches that have ended, or those in a file; `dvc repro` finds them."""
    from belle.config.base import load_profile
    from belle.config.endpoint import EndpointProfile
    from belle.endpoints.batches.fetch import fetch as fetch_batches
    from belle.endpoints.batches.results_file import fetch_file
    from belle.endpoints.store import ReplyStore
    from belle.judge.requests import rounds

    if file is not None:
        requests = [request for one in rounds(variant or ()) for request in one.requests]
        with ReplyStore() as store:
            return fetch_file(file, requests, store)
    with ReplyStore() as store:
        fetch_batches(store, lambda name: load_profile(EndpointProfile, "endpoint", name))
