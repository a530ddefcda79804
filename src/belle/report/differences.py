"""The differences between the first system of a page and the others, those of `belle compare`."""

from collections.abc import Mapping, Sequence

import numpy as np

from belle.compare.pair import Pair
from belle.compare.pairs import compare_sides
from belle.compare.result import Result
from belle.compare.side import Side
from belle.report.columns import DIGITS
from belle.report.page_data.comparisons import Difference
from belle.statistics import paired

Pairs = Mapping[int, Pair]
"""By index of the system, its comparison with the first one."""


def pairs_with_first(results: Sequence[Result], scorer: str) -> Pairs:
    """Compare every system with the first one; systems that share no question with a score with it are left out.

    Args:
        results: of each system, to the same questions.
        scorer: whose scores.
    """
    first, *others = (Side("", result.label, (result,)) for result in results)
    sides = {place: side for place, side in enumerate(others, start=1) if _is_comparable(first, side, scorer)}
    pairs = compare_sides([first, *sides.values()], scorer, baseline=first) if sides else []
    return dict(zip(sides, pairs, strict=True))


def _is_comparable(first: Side, other: Side, scorer: str) -> bool:
    if scorer not in first.scorers or scorer not in other.scorers:
        return False
    return not np.isnan(first.scores(scorer) + other.scores(scorer)).all()


def differences_of(pairs: Mapping[str, Pairs]) -> tuple[Difference, ...]:
    """Return all differences, in all and by category.

    Args:
        pairs: by scorer.
    """
    return tuple(
        one
        for scorer, found in pairs.items()
        for system, pair in found.items()
        for one in _of_pair(system, scorer, pair)
    )


def _of_pair(system: int, scorer: str, pair: Pair) -> list[Difference]:
    is_comparable = pair.not_comparable is None
    is_equal = is_comparable and pair.equivalence is not None and pair.equivalence.equivalent
    equal = pair.equivalence.margin if pair.equivalence and is_equal else None
    whole = _difference(system, scorer, None, pair.overall, pair.p, is_comparable, equal)
    parts = [
        _difference(system, scorer, name, found, pair.category_p[name], is_comparable, None)
        for name, found in pair.categories.items()
    ]
    return [whole, *parts]


def _difference(
    system: int,
    scorer: str,
    category: str | None,
    found: paired.Difference,
    adjusted: float,
    is_comparable: bool,
    equal: float | None,
) -> Difference:
    measures = found.estimate, found.low, found.high, found.smallest_detectable
    estimate, low, high, detectable = (round(float(one), DIGITS) for one in measures)
    counts = found.signs.wins, found.signs.ties, found.signs.losses
    return Difference(
        system,
        scorer,
        category,
        estimate,
        low,
        high,
        round(adjusted, DIGITS),
        *counts,
        found.n,
        detectable,
        is_comparable,
        equal,
    )
