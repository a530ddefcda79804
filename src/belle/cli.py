"""The `belle` command: checks, previews and tools around the pipeline that `dvc` runs."""

import sys
from pathlib import Path
from typing import Annotated

import typer

from belle.add.commands import app as add
from belle.browse.commands import app as data
from belle.cli_options import Overrides
from belle.config.checkpoints import Checkpoint
from belle.errors import UserError
from belle.judge.commands import app as judge
from belle.signals import end_on_signals
from belle.stage import run

app = typer.Typer(
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    help=__doc__,
    rich_markup_mode=None,
)
app.add_typer(add, name="add")
app.add_typer(data, name="data")
app.add_typer(judge, name="judge")


@app.command()
def check(
    overrides: Overrides = None,
    quiet: Annotated[bool, typer.Option(help="Print nothing when all is well.")] = False,
) -> None:
    """Check params.yaml, the profiles it names, and whether they fit together."""
    from belle.config.check import find_problems
    from belle.config.overrides import read_overridden
    from belle.endpoints.missing_keys import missing_keys

    if problems := find_problems(overrides or ()):
        raise UserError("\n".join(problems))
    if not quiet:
        print("params.yaml and its profiles are valid")
        for line in missing_keys(read_overridden(overrides or ())):
            print(f"note: {line}", file=sys.stderr)


@app.command()
def estimate(
    overrides: Overrides = None,
    price_per_hour: Annotated[float | None, typer.Option(min=0, help="Price of one node, for the cost.")] = None,
    tflops: Annotated[
        float | None, typer.Option(min=0.001, help="10^12 operations per second of one device; else as measured here.")
    ] = None,
    tokens_per_row: Annotated[int, typer.Option(min=1, help="Tokens of a row of data that is not here.")] = 256,
    force: Annotated[bool, typer.Option(help="Exit with code 0 although it does not fit.")] = False,
) -> None:
    """Say what the experiment needs: memory per device, disk, steps, time; refuse what cannot fit."""
    from belle.libraries.block_imports import block_imports

    block_imports("gptqmodel", "torchao", "deepspeed")
    from belle.estimate.command import run_estimate

    run_estimate(overrides or [], tokens_per_row, tflops, price_per_hour, force)


@app.command()
def preview(
    count: Annotated[int, typer.Option("--count", "-n", min=1, help="How many packed sequences to show.")] = 3,
    split: Annotated[str, typer.Option(help="train or eval.")] = "train",
) -> None:
    """Show packed sequences: tokens in the loss green, prompts dim, a bar between segments."""
    from belle.libraries.block_imports import block_imports

    block_imports("torch")
    from belle.data.preview import show_sequences

    show_sequences(Path("data/tokens"), split, count)


@app.command()
def compare(
    names: Annotated[
        list[str],
        typer.Argument(metavar="A B...", help="Experiments, commits, EXPERIMENT:VARIANT, :VARIANT, workspace."),
    ],
    scorer: Annotated[str | None, typer.Option(help="metrics, judge, second_judge or human:NAME.")] = None,
    baseline: Annotated[str | None, typer.Option(metavar="NAME", help="Compare every other one with this one.")] = None,
    margin: Annotated[
        float | None, typer.Option(min=1e-6, max=1, help="Test equality within it; 0.01 between variants of one model.")
    ] = None,
    markdown: Annotated[bool, typer.Option("--markdown", help="Print Markdown.")] = False,
    json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Say whether A is better than B: differences with intervals, overall and by category."""
    from belle.compare.command import run_compare

    if markdown and json:
        raise UserError("--markdown and --json: choose one")
    run_compare(names, scorer, baseline, margin, "json" if json else "markdown" if markdown else "text")


@app.command()
def promote(
    experiment: Annotated[str | None, typer.Argument(help="An experiment, branch, tag or commit.")] = None,
    name: Annotated[str | None, typer.Argument(help="Name of the promoted model.")] = None,
    checkpoint: Annotated[Checkpoint | None, typer.Option(help="Otherwise the one that it evaluates.")] = None,
    force: Annotated[bool, typer.Option("--force", help="Replace a promoted model of this name.")] = False,
    show: Annotated[bool, typer.Option("--list", help="Print the promoted models.")] = False,
    remove: Annotated[str | None, typer.Option(metavar="NAME", help="Delete a promoted model.")] = None,
) -> None:
    """Keep an experiment's model as models/promoted/NAME, for train.init_from=promoted/NAME to continue."""
    from belle.promote.promote import promote as promote_model
    from belle.promote.shelf import list_promoted, remove_promoted

    if show:
        list_promoted()
    elif remove is not None:
        remove_promoted(remove)
    elif experiment is None or name is None:
        raise UserError("give an experiment and a name, or --list, or --remove NAME: belle promote --help")
    else:
        promote_model(experiment, name, checkpoint, force)


@app.command()
def decrypt(
    source: Annotated[Path, typer.Argument(help="An .enc file, or a folder with such files.")],
    key: Annotated[Path, typer.Option(help="The key file: the original consolidated.00.pth.")],
    out: Annotated[Path, typer.Option(help="Folder that receives the decrypted files.")],
) -> None:
    """Decrypt BELLE's XOR-encrypted weights; every file is checked against its SHA-256."""
    from belle.encryption.xor import decrypt_path

    for path in decrypt_path(source, key, out):
        print(path)


@app.command()
def encrypt(
    source: Annotated[Path, typer.Argument(help="A file or folder.")],
    key: Annotated[Path, typer.Option(help="The key file.")],
    out: Annotated[Path, typer.Option(help="Folder that receives the encrypted files.")],
) -> None:
    """Encrypt files in BELLE's format: the inverse of `belle decrypt`."""
    from belle.encryption.xor import encrypt_path

    for path in encrypt_path(source, key, out):
        print(path)


@app.command()
def report(
    names: Annotated[
        list[str] | None,
        typer.Argument(metavar="[A B …]", help="EXPERIMENT, EXPERIMENT:VARIANT or :VARIANT; else every variant here."),
    ] = None,
    out: Annotated[Path, typer.Option("--out", "-o", help="The file to write.")] = Path("report.html"),
) -> None:
    """Write the answers of experiments side by side as one HTML file, for blind scoring too."""
    from belle.report.command import write_report

    write_report(names or [], out)


def main() -> None:
    """Run the command line; mistakes are shown as the stages show them."""
    end_on_signals()
    run(app)


if __name__ == "__main__":
    main()
