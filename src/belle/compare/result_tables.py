"""Tables with a row for each result: scores, flags, agreement of scorers; and the params that differ."""

from collections.abc import Iterator, Sequence
from itertools import combinations

import numpy as np

from belle.compare.document import Table
from belle.compare.numbers import interval, percent, score, signed
from belle.compare.params import differing_params, shown
from belle.compare.result import Result
from belle.compare.side import Side
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


def params_table(sides: Sequence[Side]) -> Table | None:
    """Return the params that differ between sides; None when all are the same."""
    differing = differing_params([side.first for side in sides])
    if not differing:
        return None
    rows = [[key, *(_short(shown(value)) for value in values)] for key, values in differing.items()]
    header = ["parameter", *(side.letter for side in sides)]
    return Table("Params that differ", header, rows, frozenset(range(len(header))))


def _short(text: str) -> str:
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
