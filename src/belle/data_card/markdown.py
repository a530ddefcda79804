"""The data card as Markdown that reads well in a terminal too."""

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from rich.cells import cell_len

from belle.data.printable import printable
from belle.data_card.lengths import span

BAR = 20
GROUPS_SHOWN = 30
"""Most rows of a table of languages, categories or turns; the rest is summed up."""
PARTS = {"question": "questions", "answer": "answers", "conversation": "whole conversations", "text": "texts"}


def render_card(card: Mapping[str, Any]) -> str:
    """Return card.md for the content of card.json."""
    lines = ["# Data card", "", *_summary(card), *_licenses(card["licenses"])]
    for name in ("conversations", "texts"):
        table = card[name]
        if table["in"]:
            lines += ["", f"## {name.capitalize()}", *_table(name, table)]
    return "\n".join(lines) + "\n"


def _summary(card: Mapping[str, Any]) -> list[str]:
    kept = [
        f"{card[name]['kept']:,} of {card[name]['in']:,} {name} ({share(card[name]['kept'], card[name]['in'])})"
        for name in ("conversations", "texts")
        if card[name]["in"]
    ]
    return [f"Cleaning kept {' and '.join(kept)}. The numbers are in card.json.", ""]


def _licenses(licenses: Mapping[str, Any]) -> list[str]:
    rows = [
        (name, one["license"], "; ".join(one["asks"]) or "nothing", one["homepage"] or "")
        for name, one in licenses["sources"].items()
    ]
    conflicts = [f"- {escaped(line)}" for line in licenses["conflicts"]]
    stated = ["Where they contradict each other (stated here, not resolved):", "", *conflicts]
    return [
        "## Licenses",
        "",
        *table_lines(("source", "license", "asks", "homepage"), rows),
        "",
        *(stated if conflicts else ["None of these terms contradicts another one as far as the table knows them."]),
    ]


def _table(name: str, table: Mapping[str, Any]) -> list[str]:
    lines = ["", "### What was removed", "", *_funnel(table), "", *_by_source(table)]
    columns = ("language", "category", "turns") if name == "conversations" else ("language",)
    lines += ["", "### What is left", "", *table_lines(("source", "rows", "share", ""), _counted(table, "source"))]
    for column in columns:
        lines += ["", *table_lines((column, "rows", "share", ""), _counted(table, column))]
    lines += ["", "### Lengths in characters", "", *_quantiles(table["lengths"])]
    for part, found in table["lengths"].items():
        lines += ["", *_histogram(PARTS[part], found["histogram"])]
    for language, words in table["words"].items():
        lines += ["", f"### What instructions ask for: {escaped(language)}", "", *_words(words)]
    return [*lines, "", "### Examples", *_examples(table["examples"])]


def _funnel(table: Mapping[str, Any]) -> list[str]:
    reasons: Counter[str] = Counter()
    for source in table["funnel"].values():
        reasons.update(source["dropped"])
    left, rows = table["in"], [("rows in", "", f"{table['in']:,}", bar(1))]
    for reason, count in reasons.items():
        left -= count
        if count:
            rows.append((reason, f"{count:,}", f"{left:,}", bar(left / table["in"])))
    unused = [reason for reason, count in reasons.items() if not count]
    tail = ["", f"Removed nothing: {', '.join(map(escaped, unused))}."] if unused else []
    return [*table_lines(("reason, in the order tried", "removed", "left", ""), rows), *tail]


def _by_source(table: Mapping[str, Any]) -> list[str]:
    rows = []
    for source, one in table["funnel"].items():
        reasons = sorted(((count, reason) for reason, count in one["dropped"].items() if count), reverse=True)
        why = ", ".join(f"{reason} {count:,}" for count, reason in reasons)
        rows.append((source, f"{one['in']:,}", f"{one['kept']:,}", share(one["kept"], one["in"]), why))
    return table_lines(("source", "in", "kept", "share", "removed"), rows)


def _counted(table: Mapping[str, Any], column: str) -> list[Sequence[str]]:
    """Return the rows of a table by one column; the most frequent first, turns in order."""
    counts: Counter[Any] = Counter()
    for row in table["rows"]:
        counts[row[column]] += row["rows"]
    order = sorted(counts.items(), key=lambda pair: pair[0] if column == "turns" else (-pair[1], str(pair[0])))
    shown, rest = order[:GROUPS_SHOWN], order[GROUPS_SHOWN:]
    if rest:
        shown.append((f"{len(rest)} more", sum(count for _, count in rest)))
    most = max((count for _, count in shown), default=1)
    return [
        ("none" if value is None else str(value), f"{count:,}", share(count, table["kept"]), bar(count / most))
        for value, count in shown
    ]


def _quantiles(lengths: Mapping[str, Any]) -> list[str]:
    rows: list[Sequence[str]] = []
    for part, found in lengths.items():
        # of one source they are those of all
        quantiles = found["quantiles"] if len(found["quantiles"]) > 2 else {"all": found["quantiles"]["all"]}
        rows += [(PARTS[part], source, *(f"{value:,}" for value in one.values())) for source, one in quantiles.items()]
    names = [_quantile(name) for name in next(iter(lengths.values()))["quantiles"]["all"]] if lengths else []
    return table_lines(("", "source", *names), rows)


def _quantile(name: str) -> str:
    return {"0": "shortest", "0.5": "median", "1": "longest"}.get(name, f"{float(name):.0%}")


def _histogram(part: str, bins: Sequence[Mapping[str, int]]) -> list[str]:
    filled = [number for number, one in enumerate(bins) if one["count"]]
    shown = bins[filled[0] :]
    most, total = max(one["count"] for one in shown), sum(one["count"] for one in shown)
    rows = [(span(one), f"{one['count']:,}", share(one["count"], total), bar(one["count"] / most)) for one in shown]
    return table_lines((f"characters of {part}", "count", "share", ""), rows)


def _words(words: Mapping[str, Any]) -> list[str]:
    total = words["instructions"]
    verbs, topics = (
        ", ".join(f"{escaped(word)} {share(count, total)}" for word, count in words[kind].items())
        for kind in ("verbs", "topics")
    )
    return [
        f"Counted once per instruction, in {total:,} of them.",
        "",
        f"- Leading verbs (first words where words are spaced): {verbs or 'none'}",
        f"- Topics: {topics or 'none'}",
    ]


def _examples(examples: Mapping[str, Any]) -> Iterable[str]:
    for kind in ("kept", "dropped"):
        for group, rows in examples[kind].items():
            yield from ("", f"**{kind}: {escaped(group)}**")
            for row in rows:
                yield from ("", _title(row), "", *fenced(row["text"]))
                if "match_text" in row:
                    yield from ("", "which is:", "", *fenced(row["match_text"]))


def _title(row: Mapping[str, Any]) -> str:
    facts = [escaped(row["id"])]
    facts += [f"matches {escaped(row['match'])}"] if "match" in row else []
    facts += [f"similarity {row['similarity']:.3f}"] if "similarity" in row else []
    facts += [escaped(row["detail"])] if "detail" in row else []
    return ", ".join(facts)


def table_lines(header: Sequence[str], rows: Iterable[Sequence[str]]) -> list[str]:
    """Return a Markdown table padded for a terminal, where Chinese is two columns wide; numbers stand on the right."""
    cells = [[escaped(cell) for cell in row] for row in (header, *rows)]
    widths = [max(3, *map(cell_len, column)) for column in zip(*cells, strict=True)]
    is_number = [
        bool(name) and all(re.fullmatch(r"[\d,.]* ?%?", cell) for cell in column)
        for name, *column in zip(*cells, strict=True)
    ]
    rules = [f"{'-' * (width - 1)}{':' if right else '-'}" for width, right in zip(widths, is_number, strict=True)]
    padded = [[_padded(*cell) for cell in zip(row, widths, is_number, strict=True)] for row in cells]
    return [f"| {' | '.join(row)} |" for row in (padded[0], rules, *padded[1:])]


def _padded(cell: str, width: int, is_number: bool) -> str:
    blanks = " " * (width - cell_len(cell))
    return blanks + cell if is_number else cell + blanks


def escaped(text: str) -> str:
    r"""Return text that Markdown shows as it is: `a*b` as `a\*b`, a line break as a blank."""
    line = re.sub(r"[\n\t]", " ", printable(text))
    # an underscore inside a word means nothing
    return re.sub(r"([\\`*\[\]<>#|~$&]|(?<![^\W_])_|_(?![^\W_]))", r"\\\1", line)


def fenced(text: str) -> list[str]:
    """Return text as a block that Markdown does not interpret, whatever backticks it holds."""
    longest = max(map(len, re.findall("`+", text)), default=0)
    fence = "`" * max(3, longest + 1)
    return [f"{fence}text", *text.split("\n"), fence]


def bar(part: float) -> str:
    """Return a share as a bar of blocks, at least a thin one when it is above 0."""
    eighths = max(round(part * BAR * 8), 1 if part > 0 else 0)
    return "█" * (eighths // 8) + (" ▏▎▍▌▋▊▉"[eighths % 8] if eighths % 8 else "")


def share(count: int, total: int) -> str:
    """Return a share in percent, with a digit more where it is small."""
    part = 100 * count / max(total, 1)
    return f"{part:.1f} %" if part >= 0.1 or not count else f"{part:.2g} %"
