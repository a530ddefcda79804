"""The tables of a comparison."""

from collections.abc import Iterator, Sequence
from itertools import combinations
from typing import Any

import numpy as np

from belle.compare.document import Table
from belle.compare.numbers import counted, interval, p_value, percent, score, signed
from belle.compare.pairs import SIGNIFICANT, Pair, verdict_of
from belle.compare.results import Result
from belle.compare.sentences import VERDICTS
from belle.compare.sides import Side, differing_params
from belle.score.flags import FLAGS
from belle.statistics.agreement import Agreement, agreement
from belle.statistics.single import macro_interval

SHOWN_CHARACTERS = 32
"""Of the value of a parameter."""


def scores_table(sides: Sequence[Side], scorer: str) -> Table:
    """Return score, size and speed of each result; columns that nothing is known of are left out."""
    rows = {name: _score_row(result, scorer) for name, result in _named(sides)}
    columns = [column for column in next(iter(rows.values())) if any(row[column] for row in rows.values())]
    return Table("Scores", ["", *columns], [[name, *(row[column] for column in columns)] for name, row in rows.items()])


def _score_row(result: Result, scorer: str) -> dict[str, str]:
    values = result.scores[scorer]
    found = macro_interval(values, result.categories)
    size = result.details.get("size_mb")
    speed, seconds = result.measured("generate", "answers_per_second"), result.measured("train", "seconds")
    return {
        "score": score(found.estimate),
        "95 % interval": interval(found.low, found.high),
        "scored": f"{found.n}/{len(values)}",
        "MB": "" if size is None else f"{size:,.1f}",
        "answers/s": "" if speed is None else f"{speed:,.1f}",
        "train s": "" if seconds is None else f"{seconds:,.0f}",
    }


def flags_table(sides: Sequence[Side]) -> Table | None:
    """Return the share of answers with each flag; None when no answer has one."""
    rows = []
    for name, result in _named(sides):
        shares = [float(np.mean([flag in one for one in result.flags])) for flag in FLAGS]
        rows.append([name, *map(percent, shares)])
    if not any(flags for side in sides for result in side.results for flags in result.flags):
        return None
    return Table("Share of the answers that are", ["", *FLAGS], rows)


def pairs_table(pairs: Sequence[Pair]) -> Table:
    """Return one row for each pair of sides."""
    header = ["", "diff.", "95 % interval", "p, Holm", "won/tied/lost", "found", "holds"]
    rows = [
        [
            _minus(pair),
            signed(pair.overall.estimate),
            interval(pair.overall.low, pair.overall.high),
            p_value(pair.p),
            counted(pair.overall),
            score(pair.overall.smallest_detectable),
            f"{pair.holding}/{len(pair.analyses)}",
        ]
        for pair in pairs
    ]
    return Table(
        "Pairs (found: the smallest difference that is found four times in five; holds: in so many other analyses)",
        header,
        rows,
    )


def categories_table(pair: Pair, scorer: str) -> Table:
    """Return the difference of two sides within each category."""
    names = np.array(pair.a.first.categories)
    sides = [
        np.nanmean(side.scores(scorer), axis=0) if len(side.results) > 1 else side.scores(scorer)[0]
        for side in (pair.a, pair.b)
    ]
    both = ~np.isnan(sides[0] + sides[1])
    header = ["category", pair.a.letter, pair.b.letter, _minus(pair), "95 % interval", "p, Holm", "won/tied/lost"]
    rows = []
    for name, found in pair.categories.items():
        means = [score(side[both & (names == name)].mean()) for side in sides]
        bounds, p = interval(found.low, found.high), p_value(pair.category_p[name])
        rows.append([name, *means, signed(found.estimate), bounds, p, counted(found)])
    return Table("By category", header, rows)


def category_matrix(pairs: Sequence[Pair]) -> Table:
    """Return the differences within each category of several pairs; `*` where p, by Holm over categories, is small."""
    names = sorted({name for pair in pairs for name in pair.categories})
    rows = [[name, *(_cell(pair, name) for pair in pairs)] for name in names]
    header = ["category", *map(_minus, pairs)]
    return Table(f"By category (* p < {SIGNIFICANT} by Holm over the categories)", header, rows)


def _cell(pair: Pair, category: str) -> str:
    found = pair.categories.get(category)
    if found is None:
        return ""
    return ("*" if pair.category_p[category] < SIGNIFICANT else "") + signed(found.estimate)


def analyses_table(pair: Pair) -> Table:
    """Return what other analyses of two sides find."""
    rows = [
        [
            one.name,
            str(one.difference.n),
            signed(one.difference.estimate),
            interval(one.difference.low, one.difference.high),
            p_value(one.difference.p),
            VERDICTS[verdict_of(one.difference.estimate, one.difference.p)],
        ]
        for one in pair.analyses
    ]
    header = ["analysis", "n", _minus(pair), "95 % interval", "p", f"{pair.a.letter} is"]
    return Table("Other analyses", header, rows, frozenset({0, 5}))


def params_table(sides: Sequence[Side]) -> Table | None:
    """Return the params that differ between sides; None when all are the same."""
    differing = differing_params([side.first for side in sides])
    if not differing:
        return None
    rows = [[key, *map(_shown, values)] for key, values in differing.items()]
    header = ["parameter", *(side.letter for side in sides)]
    return Table("Params that differ", header, rows, frozenset(range(len(header))))


def _shown(value: Any) -> str:
    text = "null" if value is None else str(value).lower() if isinstance(value, bool) else str(value)
    return text if len(text) <= SHOWN_CHARACTERS else f"{text[: SHOWN_CHARACTERS - 1]}…"


def agreement_table(sides: Sequence[Side]) -> Table | None:
    """Return how far each two scorers of the same answers agree; None when there is one scorer."""
    header = ["", "scorers", "n", "alpha", "kappa", "bias", "95 % interval"]
    rows = [row for name, result in _named(sides) for row in _agreement_rows(name, result)]
    title = "Agreement of scorers (Krippendorff's alpha; weighted kappa; bias: the first less the second)"
    return Table(title, header, rows, frozenset({0, 1})) if rows else None


def _agreement_rows(name: str, result: Result) -> Iterator[list[str]]:
    for first, second in combinations(result.scores, 2):
        scores = result.scores[first], result.scores[second]
        if not np.isnan(scores[0] + scores[1]).all():
            yield [name, f"{first}, {second}", *_agreement_cells(agreement(*scores))]


def _agreement_cells(found: Agreement) -> list[str]:
    known = found.bias_low is not None and found.bias_high is not None
    bounds = interval(found.bias_low or 0.0, found.bias_high or 0.0) if known else ""
    figures = ["" if value is None else f"{value:.2f}" for value in (found.alpha, found.kappa)]
    return [str(found.n), *figures, signed(found.bias), bounds]


def _named(sides: Sequence[Side]) -> list[tuple[str, Result]]:
    """Return every result with the letter of its side before its name."""
    return [(f"{side.letter} {result.label}", result) for side in sides for result in side.results]


def _minus(pair: Pair) -> str:
    return f"{pair.a.letter} - {pair.b.letter}"
