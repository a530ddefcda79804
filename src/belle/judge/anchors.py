"""Does a judge change with time? Fixed answers, judged once and again whenever `evaluate.judge.anchor_round` is raised.

They are made from the questions and references alone, so they are the same in every experiment: the whole reference,
its first half, and the reference to another question, in turn. The replies of round 0 are kept for ever; a later round
is compared with them answer by answer.
"""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np

from belle.data.questions import Question
from belle.endpoints.request import Request
from belle.endpoints.store import ReplyStore
from belle.judge.ask import Judge
from belle.judge.parse import parse_reply
from belle.judge.prompts import UNREFERENCED, grading_message

DIGITS = 4


class Anchor(NamedTuple):
    """A fixed answer, and its requests of round 0 and of the present round, which are the same in round 0."""

    answer: str
    first: Request
    present: Request


def anchors_of(judge: Judge, questions: Sequence[Question], prompts: Mapping[str, str]) -> list[Anchor]:
    """Return `evaluate.judge.anchors` anchors, spread evenly over the questions that are graded by a reference."""
    usable = [
        one for one in questions if one.reference and one.category in prompts and one.category not in UNREFERENCED
    ]
    count = min(judge.params.anchors, len(usable))
    places = [index * len(usable) // count for index in range(count)]
    anchors = []
    for number, place in enumerate(places):
        question, reference = usable[place], usable[place].reference or ""
        other = usable[(place + 1) % len(usable)].reference or ""
        answer = (reference, reference[: (len(reference) + 1) // 2], other)[number % 3]
        prompt = prompts[question.category]
        message = grading_message(prompt, question.category, question.question, reference, answer)
        # far from the repeats of a model's answer that equals the anchor
        rounds = [judge.request(message, -1 - one) for one in (0, judge.params.anchor_round)]
        anchors.append(Anchor(answer, *rounds))
    return anchors


def drift_of(anchors: Sequence[Anchor], present_round: int, store: ReplyStore) -> dict[str, Any] | None:
    """Return how the present round differs from round 0; None without anchors.

    Returns:
        `anchors`, `round`, `mean` score of the round and `unscored` anchors in it; after round 0 also `pairs` scored in
        both, `difference` (present minus first), its 95 % interval and `p` of a paired t-test, null where there is
        one pair, or all pairs differ by the same.
    """
    if not anchors:
        return None
    pairs = [[_score(one.answer, request, store) for request in (one.first, one.present)] for one in anchors]
    present = [score for _, score in pairs if score is not None]
    found = {
        "anchors": len(anchors),
        "round": present_round,
        "unscored": len(anchors) - len(present),
        "mean": round(float(np.mean(present)), DIGITS) if present else None,
    }
    if present_round == 0:
        return found
    differences = np.array([new - old for old, new in pairs if old is not None and new is not None])
    return found | {"pairs": len(differences)} | _paired_t(differences)


def _score(answer: str, request: Request, store: ReplyStore) -> float | None:
    return parse_reply(store.reply(request.key), answer).score


def _paired_t(differences: np.ndarray) -> dict[str, float | None]:
    """Return mean, interval and two-sided p of differences, float64 [pairs]."""
    # a quarter of a second, which a stage without anchors need not wait for
    from belle.statistics.student import mean_bounds, two_sided_p

    keys = ("difference", "ci_low", "ci_high", "p")
    if len(differences) < 2:
        return dict.fromkeys(keys, None) | {"difference": float(differences[0]) if len(differences) else None}
    mean, free = float(differences.mean()), len(differences) - 1
    error = float(differences.std(ddof=1)) / len(differences) ** 0.5
    if np.ptp(differences) == 0:
        return dict.fromkeys(keys, None) | {"difference": round(mean, DIGITS)}
    found = (mean, *mean_bounds(differences), two_sided_p(mean, error, free))
    return dict(zip(keys, (round(value, DIGITS) for value in found), strict=True))
