"""Which questions the training data still matches: data/card/contaminated.tsv."""

import csv
from collections.abc import Sequence
from pathlib import Path

from belle.errors import UserError
from belle.evaluate.answers import Answer
from belle.score.flags import flags_of

FLAG = "contaminated"


def read_contaminated(path: Path) -> set[str]:
    """Return the ids of the questions in the first column.

    Raises:
        UserError: no such file.
    """
    try:
        with path.open(encoding="utf-8", newline="") as stream:
            rows = list(csv.reader(stream, delimiter="\t"))
    except FileNotFoundError:
        raise UserError(f"{path}: no such file; run `dvc repro describe_data`") from None
    return {row[0] for row in rows[1:]}


def flags_with_contamination(answers: Sequence[Answer], contaminated: set[str]) -> list[list[str]]:
    """Return the flags of each answer, sorted, with `contaminated` for those to contaminated questions."""
    return [sorted(flags_of(one) + [FLAG] * (one.id in contaminated)) for one in answers]
