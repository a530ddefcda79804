"""Write the data card: data/card/card.json with the numbers, card.md for people, contaminated.tsv for the scores."""

from collections import Counter
from collections.abc import Iterable, Mapping
from itertools import islice
from pathlib import Path
from typing import Any

from belle.data.cleaned import CONTAMINATED, DROPPED, TABLES, malformed_of
from belle.data.find_rows import find_rows
from belle.data.printable import cut, printable
from belle.data.tables import CONVERSATIONS, TEXTS, Row, read_table
from belle.data_card.contamination import CONTAMINATED_TSV, Contamination
from belle.data_card.lengths import Lengths
from belle.data_card.licenses import describe_licenses
from belle.data_card.measure import (
    EXAMPLES_DROPPED,
    GROUPS,
    Dropped,
    Group,
    Kept,
    measure_conversations,
    measure_dropped,
    measure_texts,
)
from belle.data_card.render import render_card
from belle.files import read_json_object, write_json

CHARACTERS_SHOWN = 300


def write_card(raw: Path, clean: Path, licenses: Path, contamination: Contamination, out: Path) -> None:
    """Write `card.json`, `card.md` and `contaminated.tsv`.

    Args:
        raw: data/raw, of which only the rows are read that no importer could read.
        clean: data/clean.
        licenses: data/check/licenses.json.
        contamination: what the kept rows hold of the evaluation set.
        out: existing directory.

    Raises:
        UserError: an input is missing or broken.
    """
    counts = read_json_object(clean / "counts.json", "run `dvc repro clean`")
    dropped = measure_dropped(clean / DROPPED)
    kept = {"conversations": measure_conversations(clean / CONVERSATIONS), "texts": measure_texts(clean / TEXTS)}
    card = {name: _table(name, kept[name], dropped, counts) for name in kept}
    for name, table in card.items():
        examples = _examples(name, kept[name], dropped, clean / TABLES[name])
        if unreadable := _unreadable(malformed_of(raw / TABLES[name])):
            examples["dropped"] = {"unreadable": unreadable} | examples["dropped"]
        table["examples"] = examples
    card["licenses"] = describe_licenses(read_json_object(licenses, "run `dvc repro check`"))
    card["contamination"] = contamination.summary()
    contamination.write(out / CONTAMINATED_TSV)
    write_json(out / "card.json", card)
    (out / "card.md").write_text(render_card(card), encoding="utf-8")


def _table(name: str, kept: Kept, dropped: Dropped, counts: Mapping[str, Any]) -> dict[str, Any]:
    """Return what the card says of conversations or texts, without examples."""
    removed: Counter[Group] = Counter()
    for (table, source, _, language, category), count in dropped.rows.items():
        if table == name:
            removed[source, language, category] += count
    return {
        "in": counts[f"{name}_in"],
        "kept": counts[f"{name}_kept"],
        "dropped": counts[f"{name}_dropped"],
        "by_source": counts[f"{name}_by_source"],
        "kept_rows": _records(GROUPS, kept.rows),
        "dropped_rows": _records(GROUPS[:-1], removed),
        "lengths": _lengths(kept),
        "words": {language: kept.words[language].summary() for language in sorted(kept.words)},
    }


def _records(names: Iterable[str], rows: Counter[Group]) -> list[dict[str, Any]]:
    """Return a record per group, in the order of their values, those without one first."""
    order = sorted(rows.items(), key=lambda pair: tuple((value is not None, value) for value in pair[0]))
    return [dict(zip(names, group, strict=True), rows=count) for group, count in order]


def _lengths(kept: Kept) -> dict[str, Any]:
    """Return a histogram and quantiles by what is measured, the latter of each source too."""
    found: dict[str, Any] = {}
    for part in dict.fromkeys(part for lengths in kept.lengths.values() for part in lengths):
        by_source = {source: lengths[part] for source, lengths in kept.lengths.items() if part in lengths}
        every = Lengths(sum((one.counts for one in by_source.values()), Counter()))
        found[part] = {
            "histogram": every.histogram(),
            "quantiles": every.quantiles(),
            "quantiles_by_source": {source: one.quantiles() for source, one in by_source.items()},
        }
    return found


def _examples(name: str, kept: Kept, dropped: Dropped, table: Path) -> dict[str, Any]:
    """Return a few rows of each source that were kept, and of each reason for which rows were dropped."""
    removed = {reason: rows for (where, reason), rows in dropped.examples.rows.items() if where == name}
    rows = [row for some in removed.values() for _, row in some]
    # a leak names a question of the evaluation set
    matches = {row["match"] for row in rows if row["match"] is not None and row["reason"] != CONTAMINATED}
    matched = {identity: row for identity, (_, row) in find_rows(table, matches).items()}
    return {
        "kept": {source: [_shown(row) for _, row in rows] for source, rows in kept.examples.rows.items()},
        "dropped": {reason: [_shown(row, matched) for _, row in rows] for reason, rows in sorted(removed.items())},
    }


def _unreadable(path: Path) -> list[dict[str, Any]]:
    """Return the first rows that could not be read; they have no id, but a file and a row in it."""
    return [
        {"id": f"{row['file']}, row {row['row']}", "detail": row["problem"], "text": _cut(row)}
        for row in islice(read_table(path), EXAMPLES_DROPPED)
    ]


def _shown(row: Row, matched: Mapping[str, Row] | None = None) -> dict[str, Any]:
    shown = {key: row.get(key) for key in ("id", "match", "similarity", "detail") if row.get(key) is not None}
    if matched is not None and row["reason"] != CONTAMINATED and row["match"] in matched:
        shown["match_text"] = _cut(matched[row["match"]])
    return shown | {"text": _cut(row)}


def _cut(row: Row) -> str:
    return cut(printable(text_of(row)), CHARACTERS_SHOWN)


def text_of(row: Row) -> str:
    """Return a row of either table, or a dropped one, as plain text."""
    if "messages" in row:
        return "\n\n".join(f"{message['role']}: {message['content']}" for message in row["messages"])
    return row["text"]
