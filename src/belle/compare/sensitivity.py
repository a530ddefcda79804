"""The same comparison made in other reasonable ways: does the verdict depend on how it was reached?"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from belle.compare.scoring_differences import sides_scored_otherwise
from belle.compare.side import Side
from belle.score.scoring import HUMAN
from belle.statistics.common import common_questions
from belle.statistics.paired import Difference, difference

LEFT_OUT = ("truncated", "contaminated")
"""Answers that one may leave out: cut at the limit of tokens, or to a question that the training data hold."""


@dataclass(frozen=True)
class Analysis:
    """One other way to compare two sides.

    Attributes:
        name: what is done differently.
        difference: what comes out.
    """

    name: str
    difference: Difference


def other_analyses(a: Side, b: Side, scorer: str, paired: bool) -> list[Analysis]:
    """Compare two sides by other scorers, without some of the questions, and with equal weights of the questions.

    An analysis that leaves nothing out, or nothing to compare, is not made, nor one by a scorer that has not scored
    both sides alike.
    """
    names = np.array(a.first.categories)
    found = []
    for name, by, kept, strata in _analyses(a, b, scorer, names):
        first, second = (side.scores(by)[:, kept] for side in (a, b))
        if common_questions(first, second, paired).any():
            found.append(Analysis(name, difference(first, second, strata[kept], paired)))
    return found


def _analyses(a: Side, b: Side, scorer: str, names: np.ndarray) -> Iterator[tuple[str, str, np.ndarray, np.ndarray]]:
    """Yield a name, a scorer, which questions are kept, and their categories."""
    every = np.ones(len(names), dtype=bool)
    # people have scored a part of the answers: `by_people` says what that shows
    for other in (one for one in a.scorers if one != scorer and one in b.scorers and not one.startswith(HUMAN)):
        if not sides_scored_otherwise(a, b, other):
            yield f"scored by {other}", other, every, names
    for flag in LEFT_OUT:
        flagged = a.flagged(flag) | b.flagged(flag)
        if flagged.any():
            yield f"without {flag} ({flagged.sum()})", scorer, ~flagged, names
    yield "micro average", scorer, every, np.full(len(names), "all")
    categories = sorted(set(names.tolist()))
    for category in categories if len(categories) > 1 else []:
        yield f"without {category}", scorer, names != category, names
