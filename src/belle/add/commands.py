"""The commands of `belle add`."""

from typing import Annotated

import typer

from belle.config.data import Format
from belle.config.model import TemplateName

app = typer.Typer(no_args_is_help=True, help="Write a profile for a model, data or questions of your own.")

Where = Annotated[str, typer.Argument(help="A file or folder, or OWNER/NAME of a Hugging Face hub repository.")]
Rows = Annotated[str, typer.Argument(help="A file or folder, a URL, or OWNER/NAME of a Hugging Face hub repository.")]
Name = Annotated[str | None, typer.Option(help="Name of the profile; otherwise that of the file or repository.")]
License = Annotated[str | None, typer.Option("--license", help="Its license; `private` for files of your own.")]
Homepage = Annotated[str | None, typer.Option(help="Page that describes it.")]
Force = Annotated[bool, typer.Option("--force", help="Replace the profile, and the file below inputs/.")]
Files = Annotated[list[str] | None, typer.Option(help="A file of the repository; may be given several times.")]


@app.command()
def model(
    where: Where,
    name: Name = None,
    template: Annotated[TemplateName | None, typer.Option(help="Chat template; model is its tokenizer's own.")] = None,
    license_name: License = None,
    homepage: Homepage = None,
    force: Force = False,
) -> None:
    """Add a model: architecture, widths, tokenizer and template are read from its files."""
    from belle.libraries.block_imports import block_imports

    block_imports("gptqmodel", "torchao", "deepspeed")
    from belle.add.model import add_model
    from belle.add.options import Given

    add_model(where, Given(name, license_name, homepage, force), template)


@app.command()
def data(
    where: Rows,
    name: Name = None,
    data_format: Annotated[Format | None, typer.Option("--format", help="How its rows are written.")] = None,
    language: Annotated[str | None, typer.Option(help="Its code, as en or zh.")] = None,
    columns: Annotated[
        list[str] | None,
        typer.Option("--column", help="KEY=COLUMN, as in instruction=question; may be given several times."),
    ] = None,
    max_malformed: Annotated[int, typer.Option(min=0, help="Rows that may not fit; they are left out.")] = 0,
    license_name: License = None,
    homepage: Homepage = None,
    files: Files = None,
    config: Annotated[str | None, typer.Option(help="Configuration of a data set of the hub.")] = None,
    split: Annotated[str | None, typer.Option(help="Split of a data set of the hub; otherwise train.")] = None,
    streaming: Annotated[bool, typer.Option("--streaming", help="Read a split while it is imported.")] = False,
    force: Force = False,
) -> None:
    """Add conversations or texts; format, columns and language are recognized from the first rows."""
    from belle.add.data import RowOptions, add_data
    from belle.add.options import Given
    from belle.add.records import Part

    rows = RowOptions(data_format, language, columns or [], max_malformed)
    add_data(where, Given(name, license_name, homepage, force), rows, Part(files, config, split, streaming))


@app.command("eval")
def evaluation_set(
    where: Rows,
    name: Name = None,
    license_name: License = None,
    homepage: Homepage = None,
    files: Files = None,
    judge_prompts: Annotated[
        str | None,
        typer.Option(metavar="FILE", help="The judge's prompts: rows with class and prompt, one per category."),
    ] = None,
    force: Force = False,
) -> None:
    """Add questions; a metric is proposed for each category from its references."""
    from belle.add.options import Given
    from belle.add.questions import add_questions

    add_questions(where, Given(name, license_name, homepage, force), files, judge_prompts)
