"""The judge's prompts of an evaluation set, from a file of rows with `class` and `prompt`."""

from pathlib import Path

from belle.config.question_source import normalize_category
from belle.data.importers.convert import convert_records
from belle.data.importers.read_files import read_rows
from belle.data.importers.records import Record, RowError, filled_text_of


def read_judge_prompts(path: Path) -> dict[str, str]:
    """Return the prompts by category (normalized).

    Raises:
        UserError: not readable as rows, a row without its keys, or a second prompt for a category; names file and row.
    """
    prompts: dict[str, str] = {}

    def convert(_: int, record: Record) -> None:
        category = normalize_category(filled_text_of(record, "class"))
        if category in prompts:
            raise RowError(f"key 'class': a second prompt for {category!r}")
        prompts[category] = filled_text_of(record, "prompt")

    list(convert_records([(path.name, read_rows(path))], convert))
    return prompts
