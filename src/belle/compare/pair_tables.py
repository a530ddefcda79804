"""Tables of the differences between sides: all pairs, categories, other analyses."""

from collections.abc import Sequence

import numpy as np

from belle.compare.document import Table
from belle.compare.numbers import counted, interval, p_value, score, signed
from belle.compare.pair import SIGNIFICANT, Pair, verdict_of
from belle.compare.sentences import VERDICTS
from belle.statistics.common import common_questions, matched


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
            "" if pair.holding is None else f"{pair.holding}/{len(pair.analyses)}",
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
    sides = matched(pair.a.scores(scorer), pair.b.scores(scorer), pair.overall.paired_seeds)
    both = common_questions(*sides, pair.overall.paired_seeds)
    header = ["category", pair.a.letter, pair.b.letter, _minus(pair), "95 % interval", "p, Holm", "won/tied/lost"]
    rows = []
    for name, found in pair.categories.items():
        means = [score(np.nanmean(side[:, both & (names == name)], axis=0).mean()) for side in sides]
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
    """Return what other analyses of two sides find, and no verdict where the sides are not comparable."""
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
    columns = len(header) - (pair.not_comparable is not None)
    return Table("Other analyses", header[:columns], [row[:columns] for row in rows], frozenset({0, 5}))


def _minus(pair: Pair) -> str:
    return f"{pair.a.letter} - {pair.b.letter}"
