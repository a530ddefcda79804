"""Convert the records of files or tables one by one; rows that do not fit are counted, named, and kept or refused."""

import json
from collections.abc import Callable, Iterable, Iterator
from typing import Any, TypeVar

from belle.data.importers.read_files import UnreadableRow
from belle.data.importers.records import Record, RowError, kind_of
from belle.data.tables import Row
from belle.errors import UserError

MOST_NAMED = 10
"""Rows that do not fit, named in one error, so that they can be repaired at once."""

T = TypeVar("T")
Table = tuple[str, Iterable[Any]]
"""A name for errors (of a file, or of a split), and the values it holds, in order."""


class MalformedRows:
    """The rows of one source that could not be imported.

    Attributes:
        rows: `file`, `row` (its number, from 1), `problem` and `text` of each, in order.
    """

    def __init__(self, most: int = 0, advice: str = "") -> None:
        """Tolerate at most `most` rows; `advice` ends the error about more of them."""
        self.most, self.advice = most, advice
        self.rows: list[Row] = []

    def add(self, file: str, row: int, problem: str, value: Any) -> None:
        """Keep one more.

        Raises:
            UserError: there are more than are tolerated, and as many again as one error names.
        """
        self.rows.append({"file": file, "row": row, "problem": problem, "text": _text(value)})
        if len(self.rows) == self.most + MOST_NAMED:
            raise self._error(f"{file}: no row after {row} was looked at")

    def check(self) -> None:
        """Raise a UserError that names file, row and key of each if there are more than are tolerated."""
        if len(self.rows) > self.most:
            raise self._error()

    def _error(self, *more: str) -> UserError:
        """Return an error of one line per file and problem, with the first rows that have it."""
        rows: dict[tuple[str, str], list[int]] = {}
        for row in self.rows[:MOST_NAMED]:
            rows.setdefault((row["file"], row["problem"]), []).append(row["row"])
        lines = [
            f"{file}: {'row' if len(found) == 1 else 'rows'} {', '.join(map(str, found))}: {problem}"
            for (file, problem), found in rows.items()
        ]
        count = f"more than {self.most} rows do not fit; " if self.most else ""
        advice = [f"{count}{self.advice}"] if self.advice else []
        return UserError("\n".join([*lines, *more, *advice]))


def convert_records(
    tables: Iterable[Table], convert: Callable[[int, Record], T], malformed: MalformedRows | None = None
) -> Iterator[T]:
    """Yield `convert(number, record)` for every record of the tables; numbers run from 1 through all of them.

    Args:
        tables: the tables, in order.
        convert: raises RowError for a record that does not fit.
        malformed: receives the rows that do not fit; without it none is tolerated.

    Raises:
        UserError: a file cannot be read, or more rows do not fit than are tolerated.
    """
    number, malformed = 0, malformed or MalformedRows()
    for name, values in tables:
        for row, value in enumerate(values, start=1):
            number += 1
            try:
                converted = convert(number, _record(value))
            except RowError as error:
                malformed.add(name, row, str(error), value)
                continue
            yield converted
    malformed.check()


def _record(value: Any) -> Record:
    if isinstance(value, UnreadableRow):
        raise RowError(value.problem)
    if not isinstance(value, dict):
        raise RowError(f"expected a mapping of keys, found {kind_of(value)}")
    return value


def _text(value: Any) -> str:
    """Return a row as it is kept for people; half of a surrogate pair is written as its escape."""
    if isinstance(value, UnreadableRow):
        return value.text
    return json.dumps(value, ensure_ascii=False, default=str).encode("utf-8", "backslashreplace").decode("utf-8")
