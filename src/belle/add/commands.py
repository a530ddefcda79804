"""The commands of `belle add`."""

from typing import Annotated

import typer

from belle.config.data import Format
from belle.config.model import TemplateName

app = typer.Typer(no_args_is_help=True, help="Write a profile for a model, data or questions of your own.")

Where = Annotated[str, typer.Argument(help="A file or folder, or OWNER/NAME of a Hugging Face hub repository.")]
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
    where: Where,
    name: Name = None,
    data_format: Annotated[Format | None, typer.Option("--format", help="How its rows are written.")] = None,
    language: Annotated[str | None, typer.Option(help="Its code, as en or zh.")] = None,
    license_name: License = None,
    homepage: Homepage = None,
    files: Files = None,
    force: Force = False,
) -> None:
    """Add conversations or texts; format and language are recognized from the first rows."""
    from belle.add.data import add_data
    from belle.add.options import Given

    add_data(where, Given(name, license_name, homepage, force), data_format, language, files)


@app.command("eval")
def evaluation_set(
    where: Where,
    name: Name = None,
    license_name: License = None,
    homepage: Homepage = None,
    files: Files = None,
    force: Force = False,
) -> None:
    """Add questions; a metric is proposed for each category from its references."""
    from belle.add.options import Given
    from belle.add.questions import add_questions

    add_questions(where, Given(name, license_name, homepage, force), files)
