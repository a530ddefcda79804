"""Seed tasks: what a model is shown when it is asked for new ones."""

from pathlib import Path

from pydantic import Field

from belle.data.json_lines import Line, read_json_lines

OWN = Path(__file__).with_name("seed_tasks.jsonl")
"""The project's own seed tasks."""


class Instance(Line):
    """An input of a seed task, empty where the instruction says it all, and the right output."""

    id: str = "1"
    input: str
    output: str = Field(min_length=1)


class SeedTask(Line):
    """One line of a file of seed tasks, in the format of Alpaca's and BELLE's."""

    name: str
    instruction: str = Field(min_length=1)
    instances: list[Instance] = Field(min_length=1)
    is_classification: bool


def read_seed_tasks(path: Path | None) -> list[SeedTask]:
    """Read a file of seed tasks, the project's own when there is no path.

    Raises:
        UserError: no such file, a row that is no seed task, or an id twice.
    """
    return read_json_lines(path or OWN, SeedTask, "the format of seed tasks is in docs/self-instruct.md")
