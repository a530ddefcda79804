"""The tables behind the pictures of the data: metrics/details/data_*.tsv, from the numbers of the data card."""

from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from belle.data_card.lengths import span
from belle.files import write_tsv

GROUPS_SHOWN = 50
"""Most bars of a picture."""
TABLES = ("conversations", "texts")


def write_plot_tables(card: Mapping[str, Any], out: Path) -> None:
    """Write `data_funnel.tsv`, `data_rows.tsv` and `data_lengths.tsv` into the directory `out`."""
    write_tsv(out / "data_funnel.tsv", ("table", "step", "left", "removed"), _funnel(card))
    write_tsv(out / "data_rows.tsv", ("group", "rows"), _rows(card))
    write_tsv(out / "data_lengths.tsv", ("part", "from", "characters", "share"), _lengths(card))


def _funnel(card: Mapping[str, Any]) -> Iterator[tuple[str, str, int, int]]:
    """Yield the rows that are left after each reason that removed any, in the order in which they are tried."""
    for name in TABLES:
        left = card[name]["in"]
        yield name, "rows in", left, 0
        for reason, count in card[name]["dropped"].items():
            left -= count
            if count:
                yield name, reason, left, count


def _rows(card: Mapping[str, Any]) -> Iterator[tuple[str, int]]:
    """Yield the kept conversations by source and category; those of the rarest categories as one."""
    counts: Counter[str] = Counter()
    for row in card["conversations"]["kept_rows"]:
        counts[f"{row['source']}: {row['category'] or 'none'}"] += row["rows"]
    shown = sorted(counts, key=lambda group: (-counts[group], group))[:GROUPS_SHOWN]
    yield from ((group, counts[group]) for group in sorted(shown))
    if len(counts) > len(shown):
        yield f"{len(counts) - len(shown)} more", counts.total() - sum(counts[group] for group in shown)


def _lengths(card: Mapping[str, Any]) -> Iterator[tuple[str, int, str, float]]:
    """Yield the share of the texts in each bin."""
    for name in TABLES:
        for part, found in card[name]["lengths"].items():
            total = sum(one["count"] for one in found["histogram"])
            for one in found["histogram"]:
                yield part, one["from"], span(one), round(one["count"] / total, 4)
