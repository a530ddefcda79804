"""metrics/details/eval/VARIANT.json: everything that is known of one variant."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict
from itertools import combinations
from typing import Any

import numpy as np

from belle.evaluate.answers import Answer
from belle.judge.judgments import Scored
from belle.score.by_judges import repeats_table
from belle.score.flags import FLAGS
from belle.score.scores import Scores, as_json, rounded
from belle.score.scoring import Scoring
from belle.statistics.agreement import Agreement, agreement
from belle.statistics.repeats import repeats_of


def scorer_details(scoring: Scoring, scores: Scores, categories: list[str]) -> dict[str, Any]:
    """Return the scores of one scorer."""
    overall = as_json(scores.overall)
    return {
        "score": overall["score"],
        "score_without_others": rounded(scores.without_others),
        "ci_low": overall["ci_low"],
        "ci_high": overall["ci_high"],
        "n": overall["n"],
        "unscored": scoring.unscored(categories),
        "categories": {name: as_json(one) for name, one in scores.categories.items()},
    }


def repeats_of_judge(scorer: str, answers: Sequence[Answer], verdicts: Sequence[Scored]) -> dict[str, Any]:
    """Return what the repeats of a judge show, nothing for another scorer or a judge that was asked once."""
    table = repeats_table(answers, verdicts, scorer)
    return {"repeats": _rounded(asdict(repeats_of(table)), digits=6)} if len(table) > 1 else {}


def answer_shares(flags: Sequence[Sequence[str]]) -> dict[str, Any]:
    """Return the number of answers and the share of them with each flag."""
    counts = Counter(flag for one in flags for flag in one)
    return {"n": len(flags)} | {name: rounded(counts[name] / len(flags)) for name in FLAGS}


def agreements(scorings: Sequence[Scoring], twice: dict[str, list[tuple[float, float]]]) -> dict[str, dict[str, Any]]:
    """Return how far each two scorers agree on the answers that both scored, and each person on those scored twice.

    Args:
        scorings: all of the same answers.
        twice: both scores of what a person has scored twice, by scorer.
    """
    found = {}
    for one, other in combinations(scorings, 2):
        if not np.isnan(one.scores + other.scores).all():
            found[f"{one.scorer}, {other.scorer}"] = _agreement(agreement(one.scores, other.scores))
    for scorer, pairs in sorted(twice.items()):
        first, second = np.array(pairs).T
        found[f"{scorer}, again"] = _agreement(agreement(first, second))
    return found


def _agreement(found: Agreement) -> dict[str, Any]:
    return _rounded(asdict(found), digits=4)


def _rounded(values: dict[str, Any], digits: int) -> dict[str, Any]:
    return {key: round(value, digits) + 0.0 if isinstance(value, float) else value for key, value in values.items()}
