"""Every scoring rule by the name that configs/eval/*.yaml uses."""

from collections.abc import Mapping
from typing import Protocol

from belle.config.evaluation_set import Rule
from belle.evaluate.answers import Answer
from belle.evaluate.rules import chrf, exact, numeric, rouge_l
from belle.evaluate.rules import set as set_of_items


class Scorer(Protocol):
    """What a rule is: a function of two texts."""

    def __call__(self, answer: str, reference: str) -> float | None:
        """Return 0.0 (wrong, or an empty answer) to 1.0 (right); None when the reference cannot be used."""


RULES: dict[Rule, Scorer] = {
    "exact": exact.score,
    "numeric": numeric.score,
    "set": set_of_items.score,
    "rouge_l": rouge_l.score,
    "chrf": chrf.score,
}


def score_answer(answer: Answer, rules: Mapping[str, Rule]) -> float | None:
    """Score one answer by its category's rule, from 0 to 1; None without a rule or a usable reference."""
    rule = rules.get(answer.category)
    if rule is None or answer.reference is None:
        return None
    return RULES[rule](answer.answer, answer.reference)
