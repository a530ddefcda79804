"""The data card as Markdown, from its numbers."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from belle.data_card.lengths import span
from belle.data_card.markdown import bar, escaped, fenced, share, table_lines
from belle.data_card.words import is_chinese

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
    return [
        f"Cleaning kept {' and '.join(kept)}. The numbers are in card.json.",
        "",
        _contamination(card["contamination"]),
        "",
    ]


def _contamination(found: Mapping[str, Any]) -> str:
    if not found["searched"]:
        return (
            f"None of the {found['questions']:,} evaluation questions is left in the kept rows: "
            "`clean.decontaminate` finds at least what its default settings find."
        )
    return (
        f"{found['contaminated']:,} of {found['questions']:,} evaluation questions are still in the kept rows, "
        "by the default settings of `clean.decontaminate`; contaminated.tsv names them."
    )


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
    columns = ("source", "language", "category", "turns") if name == "conversations" else ("source", "language")
    lines += ["", "### Rows"]
    for column in columns:
        lines += ["", *_counted(table, column)]
    lines += ["", "### Lengths in characters", "", *_quantiles(table["lengths"])]
    for part, found in table["lengths"].items():
        lines += ["", *_histogram(PARTS[part], found["histogram"])]
    for language, words in table["words"].items():
        lines += ["", f"### What instructions ask for: {escaped(language)}", "", *_words(language, words)]
    return [*lines, "", "### Examples", *_examples(table["examples"])]


def _funnel(table: Mapping[str, Any]) -> list[str]:
    left, rows = table["in"], [("rows in", "", f"{table['in']:,}", bar(1))]
    for reason, count in table["dropped"].items():
        left -= count
        if count:
            rows.append((reason, f"{count:,}", f"{left:,}", bar(left / table["in"])))
    unused = [reason for reason, count in table["dropped"].items() if not count]
    tail = ["", f"Removed nothing, or switched off: {', '.join(map(escaped, unused))}."] if unused else []
    return [*table_lines(("reason, in the order tried", "removed", "left", ""), rows), *tail]


def _by_source(table: Mapping[str, Any]) -> list[str]:
    rows = []
    for source, one in table["by_source"].items():
        reasons = sorted(((count, reason) for reason, count in one["dropped"].items() if count), reverse=True)
        why = ", ".join(f"{reason} {count:,}" for count, reason in reasons)
        rows.append((source, f"{one['in']:,}", f"{one['kept']:,}", share(one["kept"], one["in"]), why))
    return table_lines(("source", "in", "kept", "share", "removed"), rows)


def _counted(table: Mapping[str, Any], column: str) -> list[str]:
    """Return the rows by one column: the most frequent value first, turns in order.

    Of a removed row only the text is left, so its turns are not counted.
    """
    kept, removed = _sums(table["kept_rows"], column), _sums(table["dropped_rows"], column)
    kept.update(dict.fromkeys(removed, 0))
    order = sorted(kept, key=lambda value: value if column == "turns" else (-kept[value], str(value)))
    most = max([*kept.values(), 1])
    rows = [
        ("none" if value is None else str(value), kept[value], removed[value], bar(kept[value] / most))
        for value in order[:GROUPS_SHOWN]
    ]
    if rest := order[GROUPS_SHOWN:]:
        rows.append(
            (f"{len(rest)} more", sum(kept[value] for value in rest), sum(removed[value] for value in rest), "")
        )
    lost = {} if column == "turns" else {"removed": [f"{count:,}" for _, _, count, _ in rows]}
    columns = {
        column: [name for name, *_ in rows],
        "kept": [f"{count:,}" for _, count, *_ in rows],
        "share": [share(count, table["kept"]) for _, count, *_ in rows],
        **lost,
        "": [blocks for *_, blocks in rows],
    }
    return table_lines(tuple(columns), zip(*columns.values(), strict=True))


def _sums(rows: Iterable[Mapping[str, Any]], column: str) -> Counter[Any]:
    sums: Counter[Any] = Counter()
    for row in rows:
        if column in row:
            sums[row[column]] += row["rows"]
    return sums


def _quantiles(lengths: Mapping[str, Any]) -> list[str]:
    rows: list[Sequence[str]] = []
    for part, found in lengths.items():
        by_source = found["quantiles_by_source"]
        # those of a single source are those of all
        shown = [("all", found["quantiles"]), *(by_source.items() if len(by_source) > 1 else ())]
        rows += [(PARTS[part], source, *(f"{value:,}" for value in one.values())) for source, one in shown]
    names = [_quantile(name) for name in next(iter(lengths.values()))["quantiles"]] if lengths else []
    return table_lines(("", "source", *names), rows)


def _quantile(name: str) -> str:
    return {"0": "shortest", "0.5": "median", "1": "longest"}.get(name, f"{float(name):.0%}")


def _histogram(part: str, bins: Sequence[Mapping[str, int]]) -> list[str]:
    filled = [number for number, one in enumerate(bins) if one["count"]]
    shown = bins[filled[0] :]
    most, total = max(one["count"] for one in shown), sum(one["count"] for one in shown)
    rows = [(span(one), f"{one['count']:,}", share(one["count"], total), bar(one["count"] / most)) for one in shown]
    return table_lines((f"characters of {part}", "count", "share", ""), rows)


def _words(language: str, words: Mapping[str, Any]) -> list[str]:
    total = words["instructions"]
    verbs, topics = (
        ", ".join(f"{escaped(word)} {share(count, total)}" for word, count in words[kind].items())
        for kind in ("verbs", "topics")
    )
    return [
        f"Counted once per instruction, in {total:,} of them.",
        "",
        f"- {'Leading verbs' if is_chinese(language) else 'First words'}: {verbs or 'none'}",
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
