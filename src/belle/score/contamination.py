"""Which questions the training data still matches: data/card/contaminated.tsv."""

import csv
from collections.abc import Sequence
from pathlib import Path

from belle.errors import UserError
from belle.evaluate.answers import Answer
from belle.score.flags import flags_of

FLAG = "contaminated"
COLUMN = "question"
REPAIR = "run `dvc repro describe_data`"


def read_contaminated(path: Path) -> set[str]:
    """Return the ids of the questions in the first column.

    Raises:
        UserError: no such file, or not this table.
    """
    try:
        with path.open(encoding="utf-8", newline="") as stream:
            header, *rows = csv.reader(stream, delimiter="\t")
        if header[0] == COLUMN:
            return {row[0] for row in rows}
    except FileNotFoundError:
        raise UserError(f"{path}: no such file; {REPAIR}") from None
    except (ValueError, IndexError, csv.Error):
        pass
    raise UserError(f"{path}: broken or cut off: expected a table whose first column is {COLUMN}; {REPAIR}")


def flags_with_contamination(answers: Sequence[Answer], contaminated: set[str]) -> list[list[str]]:
    """Return the flags of each answer, sorted, with `contaminated` for those to contaminated questions."""
    return [sorted(flags_of(one) + [FLAG] * (one.id in contaminated)) for one in answers]
