"""Read what Git has of a variant: tables of scores and judgments, JSON, YAML."""

import csv
import json
from io import StringIO
from typing import Any

import numpy as np

from belle.compare.revision import Revision
from belle.compare.yaml12 import read_yaml
from belle.errors import UserError
from belle.score.scoring import METRICS

COLUMNS = ("id", "category", "answer", "flags")
OLD_COLUMNS = ("id", "category", "score")
"""Of experiments that were scored before there were judges."""
REPAIR = "score it again with `dvc repro`"


def read_rows(table: bytes, where: str) -> tuple[list[dict[str, str]], dict[str, str]]:
    """Return the rows of a table of answers, and the column of each scorer."""
    reader = csv.DictReader(_lines(table), delimiter="\t", restkey="", restval=None)
    columns, rows = tuple(reader.fieldnames or ()), list(reader)
    if columns == OLD_COLUMNS:
        scorers = {METRICS: "score"}
    elif columns[: len(COLUMNS)] == COLUMNS:
        scorers = {column: column for column in columns[len(COLUMNS) :]}
    else:
        raise UserError(
            f"{where}: its columns are {', '.join(columns)}, not {', '.join(COLUMNS)} and scorers; {REPAIR}"
        )
    for number, row in enumerate(rows, start=2):
        if None in row.values() or "" in row:
            raise UserError(f"{where}: row {number}: not {len(columns)} cells; {REPAIR}")
    if not rows or not scorers:
        raise UserError(f"{where}: holds no scores; {REPAIR}")
    return rows, scorers


def scores_of(rows: list[dict[str, str]], column: str, where: str) -> np.ndarray:
    """Return one column of scores, float64 [rows], NaN = unscored."""
    values = np.full(len(rows), np.nan)
    for number, row in enumerate(rows):
        try:
            values[number] = float(row[column] or "nan")
        except ValueError:
            raise UserError(f"{where}: row {number + 2}: {column} is {row[column]!r}, no number; {REPAIR}") from None
    return values


def read_repeats(table: bytes, ids: list[str], where: str) -> dict[str, np.ndarray]:
    """Return the scores of each judge's repeats, of the judges that have more than one."""
    place = {identity: number for number, identity in enumerate(ids)}
    found: dict[str, np.ndarray] = {}
    try:
        rows = [
            (row["judge"], int(row["repeat"]), place[row["id"]], float(row["score"] or "nan"))
            for row in csv.DictReader(_lines(table), delimiter="\t")
        ]
    except (KeyError, TypeError, ValueError):
        raise UserError(f"{where}: a row is no judgment of one of the answers; {REPAIR}") from None
    for judge in sorted({row[0] for row in rows}):
        own = [row[1:] for row in rows if row[0] == judge]
        found[judge] = np.full((1 + max(repeat for repeat, _, _ in own), len(ids)), np.nan)
        for repeat, question, score in own:
            found[judge][repeat, question] = score
    return {judge: scores for judge, scores in found.items() if len(scores) > 1}


def _lines(table: bytes) -> StringIO:
    return StringIO(table.decode(errors="replace"), newline="")


def read_mapping(revision: Revision, path: str) -> dict[str, Any]:
    """Return what a YAML file holds, nothing when it is missing."""
    try:
        return read_yaml(revision.read(path) or b"")
    except ValueError as error:
        raise UserError(f"{revision.name}: {path}: {error}; bring it back with `git checkout {path}`") from None


def read_json(revision: Revision, path: str) -> dict[str, Any]:
    """Return the object that a JSON file holds, empty when it is missing."""
    try:
        found = json.loads(revision.read(path) or b"{}")
    except ValueError:
        found = None
    if not isinstance(found, dict):
        raise UserError(f"{revision.name}: {path}: is no JSON object; {REPAIR}")
    return found
