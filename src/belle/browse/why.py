"""`belle data why`: what happened to one row on its way from its source to the training."""

import heapq
import json
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

import pyarrow.compute as pc
from rich.console import Console
from rich.text import Text

from belle.browse.compare import compare
from belle.browse.select import ROWS_PER_BATCH
from belle.browse.show import messages, paged, print_text, title, why_dropped
from belle.browse.tokens import what_tokenize_did
from belle.data.cleaned import CONTAMINATED, DROPPED, TABLES, UNREADABLE
from belle.data.find_rows import find_rows
from belle.data.printable import printable
from belle.data.questions import read_questions
from belle.data.tables import Row, read_batches
from belle.errors import UserError

NEAREST_SHOWN, DUPLICATES_SHOWN = 3, 5


@dataclass(frozen=True)
class Found:
    """Where a row was found.

    Attributes:
        row: its content.
        table: conversations or texts.
        position: its row in the table of kept rows, from 0; None when it was dropped.
    """

    row: Row
    table: str
    position: int | None


def explain(data: Path, identity: str) -> None:
    """Print where a row comes from, whether cleaning kept it and why not, and what tokenize made of it.

    Args:
        data: the folder with raw/, clean/, eval/ and tokens/.
        identity: id of the row.

    Raises:
        UserError: there is no such row; names the ids that are most like it.
    """
    found, console = _find(data / "clean", identity), Console()
    with paged(console):
        print_text(console, title(found.row))
        for name, fact in _facts(data, found):
            print_text(console, Text.assemble((f"{name:<10}", "dim"), printable(fact)))
        beside = _beside(data, found)
        if beside is None:
            print_text(console, Text("\n").join([Text(), *messages(found.row, None)]))
        else:
            compare(console, found.row, *beside)


def _find(clean: Path, identity: str) -> Found:
    for table, file in TABLES.items():
        if kept := find_rows(clean / file, [identity]):
            position, row = kept[identity]
            return Found(row, table, position)
    if dropped := find_rows(clean / DROPPED, [identity]):
        row = dropped[identity][1]
        return Found(row, row["table"], None)
    nearest = printable(", ".join(_nearest(clean, identity)))
    lost = printable(_unreadable(clean.parent / "raw", identity))
    raise UserError(f"{clean}: no row has the id {identity!r}; most like it: {nearest}{lost}")


def _unreadable(raw: Path, identity: str) -> str:
    """Return what shows the unreadable rows of the source that an id names, empty when there are none."""
    for table, file in TABLES.items():
        path = (raw / file).with_suffix(".malformed.parquet")
        batches = read_batches(path, ROWS_PER_BATCH, ["source"]) if path.is_file() else ()
        for source in dict.fromkeys(one for batch in batches for one in batch["source"].to_pylist()):
            if identity.startswith(f"{source}-"):
                command = f"belle data show --table {table} --source {source} --reason {UNREADABLE}"
                return f"; rows of {source} that could not be read have no id: {command}"
    return ""


def _nearest(clean: Path, identity: str) -> list[str]:
    """Return the ids that share the most characters with `identity`, at their beginning and at their end."""

    def likeness(other: str) -> tuple[int, int]:
        start = _same_start(identity, other)
        return start + _same_start(identity[start:][::-1], other[start:][::-1]), -len(other)

    return heapq.nlargest(NEAREST_SHOWN, _ids(clean), key=likeness)


def _same_start(one: str, other: str) -> int:
    """Return how many characters two texts have in common at their beginning."""
    pairs = enumerate(zip(one, other, strict=False))
    return next((place for place, (left, right) in pairs if left != right), min(len(one), len(other)))


def _ids(clean: Path) -> Iterator[str]:
    for file in (*TABLES.values(), DROPPED):
        for batch in read_batches(clean / file, ROWS_PER_BATCH, ["id"]):
            yield from batch["id"].to_pylist()


def _facts(data: Path, found: Found) -> Iterator[tuple[str, str]]:
    row, clean = found.row, data / "clean"
    yield "source", f"{_origin(data / 'raw' / f'{found.table}.sources.json', row['source'])}, row {_number(row)}"
    if found.position is None:
        yield "clean", f"dropped: {why_dropped(row)}"
        return
    yield (
        "clean",
        f"kept, row {found.position} of {clean / TABLES[found.table]}{_duplicates(clean / DROPPED, row['id'])}",
    )
    if found.table == "conversations":
        table = clean / TABLES[found.table]
        yield "tokenize", what_tokenize_did(table, data / "tokens", row["id"], found.position)
    else:
        yield "tokenize", "not tokenized here: texts are for extend_vocab and pretrain"


def _origin(path: Path, source: str) -> str:
    """Return where a source was downloaded from, as in `mini-general (builtin general)`."""
    if not path.is_file():
        return source
    known = json.loads(path.read_text(encoding="utf-8")).get(source, {}).get("source", {})
    words = " ".join(value for value in known.values() if isinstance(value, str))
    return f"{source} ({words})" if words else source


def _number(row: Row) -> str:
    """Return the number of the row in its source, which stands in its id."""
    return row["id"].removeprefix(f"{row['source']}-").partition("/")[0].partition("#")[0]


def _duplicates(dropped: Path, identity: str) -> str:
    """Return which rows were dropped because they are like this one."""
    batches = read_batches(dropped, ROWS_PER_BATCH, ["id", "match"])
    same = (batch["id"].filter(pc.equal(batch["match"], identity)).to_pylist() for batch in batches)
    ids = [one for some in same for one in some]
    more = f" and {len(ids) - DUPLICATES_SHOWN} more" if len(ids) > DUPLICATES_SHOWN else ""
    return f"; dropped for it: {', '.join(islice(ids, DUPLICATES_SHOWN))}{more}" if ids else ""


def _beside(data: Path, found: Found) -> tuple[str, Row] | None:
    """Return what a row is to be compared with, and a name for it; None when there is nothing."""
    if found.position is None:
        return _match(data, found)
    raw = data / "raw" / TABLES[found.table]
    imported = find_rows(raw, [found.row["id"]]) if raw.is_file() else {}
    row = imported[found.row["id"]][1] if imported else found.row
    return None if row == found.row else ("as imported, before its text was normalized", row)


def _match(data: Path, found: Found) -> tuple[str, Row] | None:
    """Return what a dropped row matches: a question of the evaluation set when it leaks one, else a kept row."""
    match, questions = found.row.get("match"), data / "eval/questions.jsonl"
    if match is None:
        return None
    if found.row["reason"] != CONTAMINATED:
        if kept := find_rows(data / "clean" / TABLES[found.table], [match]):
            return f"{match}, kept", kept[match][1]
    elif questions.is_file():
        for one in read_questions(questions, None):
            if one.id == match:
                return f"{match}, evaluation question", {"text": one.question}
    return f"{match}, not found here any more", {"text": ""}
