"""Write the data card: data/card/card.json with the numbers, data/card/card.md for people."""

from collections import Counter
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from belle.data.find_rows import find_rows
from belle.data.printable import cut, printable
from belle.data.tables import CONVERSATIONS, TEXTS, Row
from belle.data_card.licenses import describe_licenses
from belle.data_card.markdown import render_card
from belle.data_card.measure import (
    GROUPS,
    Dropped,
    Group,
    Kept,
    measure_conversations,
    measure_dropped,
    measure_texts,
)
from belle.files import read_json_object, write_json

CHARACTERS_SHOWN = 300
FILES = {"conversations": CONVERSATIONS, "texts": TEXTS}


def write_card(clean: Path, licenses: Path, out: Path) -> None:
    """Write `card.json` and `card.md`.

    Args:
        clean: data/clean.
        licenses: data/check/licenses.json.
        out: existing directory.

    Raises:
        UserError: an input is missing or broken.
    """
    counts = read_json_object(clean / "counts.json", "run `dvc repro clean`")
    dropped = measure_dropped(clean / "dropped.parquet")
    kept = {"conversations": measure_conversations(clean / CONVERSATIONS), "texts": measure_texts(clean / TEXTS)}
    card = {name: _table(name, kept[name], dropped, counts) for name in kept}
    for name, table in card.items():
        table["examples"] = _examples(name, kept[name], dropped, clean / FILES[name])
    card["licenses"] = describe_licenses(read_json_object(licenses, "run `dvc repro check`"))
    write_json(out / "card.json", card)
    (out / "card.md").write_text(render_card(card), encoding="utf-8")


def _table(name: str, kept: Kept, dropped: Dropped, counts: Mapping[str, Any]) -> dict[str, Any]:
    """Return what the card says of conversations or texts, without examples."""
    reasons = list(counts[f"{name}_dropped"])
    rows = Counter({source: 0 for source, *_ in kept.rows})
    for (source, *_), count in kept.rows.items():
        rows[source] += count
    removed = {(source, reason): count for (table, source, reason), count in dropped.rows.items() if table == name}
    sources = list(dict.fromkeys([*rows, *(source for source, _ in removed)]))
    return {
        "in": counts[f"{name}_in"],
        "kept": counts[f"{name}_kept"],
        "funnel": {source: _funnel(source, rows[source], removed, reasons) for source in sources},
        "rows": [dict(zip(GROUPS, group, strict=True), rows=count) for group, count in _sorted(kept.rows)],
        "lengths": _lengths(kept),
        "words": {language: kept.words[language].summary() for language in sorted(kept.words)},
    }


def _funnel(source: str, kept: int, removed: Mapping[tuple[str, str], int], reasons: Iterable[str]) -> dict[str, Any]:
    """Return `in`, `dropped` by reason in the order in which they are tried, and `kept`."""
    dropped = {reason: removed.get((source, reason), 0) for reason in reasons}
    return {"in": kept + sum(dropped.values()), "dropped": dropped, "kept": kept}


def _lengths(kept: Kept) -> dict[str, Any]:
    """Return quantiles and a histogram by what is measured, of `all` sources and of each."""
    found: dict[str, Any] = {}
    for part in dict.fromkeys(part for lengths in kept.lengths.values() for part in lengths):
        by_source = {source: lengths[part] for source, lengths in kept.lengths.items() if part in lengths}
        every = type(next(iter(by_source.values())))(sum((one.counts for one in by_source.values()), Counter()))
        found[part] = {
            "histogram": every.histogram(),
            "quantiles": {name: one.quantiles() for name, one in {"all": every, **by_source}.items()},
        }
    return found


def _sorted(rows: Counter[Group]) -> list[tuple[Group, int]]:
    """Return the groups in the order of their values, those without one first."""
    return sorted(rows.items(), key=lambda pair: tuple((value is not None, value) for value in pair[0]))


def _examples(name: str, kept: Kept, dropped: Dropped, table: Path) -> dict[str, Any]:
    """Return a few rows of each source that were kept, and of each reason for which rows were dropped."""
    removed = {reason: rows for (where, reason), rows in dropped.examples.rows.items() if where == name}
    matches = {row["match"] for rows in removed.values() for _, row in rows if row["match"] is not None}
    matched = {identity: row for identity, (_, row) in find_rows(table, matches).items()}
    return {
        "kept": {source: [_shown(row) for _, row in rows] for source, rows in kept.examples.rows.items()},
        "dropped": {reason: [_shown(row, matched) for _, row in rows] for reason, rows in sorted(removed.items())},
    }


def _shown(row: Row, matched: Mapping[str, Row] | None = None) -> dict[str, Any]:
    shown = {key: row.get(key) for key in ("id", "match", "similarity", "detail") if row.get(key) is not None}
    if matched is not None and row["match"] in matched:
        shown["match_text"] = _cut(matched[row["match"]])
    return shown | {"text": _cut(row)}


def _cut(row: Row) -> str:
    return cut(printable(text_of(row)), CHARACTERS_SHOWN)


def text_of(row: Row) -> str:
    """Return a row of either table, or a dropped one, as plain text."""
    if "messages" in row:
        return "\n\n".join(f"{message['role']}: {message['content']}" for message in row["messages"])
    return row["text"]
