from typing import get_args

import pytest

from belle.config.evaluation_set import Metric
from belle.evaluate.answers import Answer
from belle.evaluate.metrics.registry import METRICS, score_answer

REFERENCE = "共12个：苹果、梨和 Tea"


def answer(category: str, reference: str | None, text: str) -> Answer:
    return Answer(id="1", question="?", category=category, reference=reference, answer=text, tokens=1, stop="eos")


def test_profiles_may_name_every_rule_and_no_other():
    assert set(METRICS) == set(get_args(Metric))


@pytest.mark.parametrize("metric", METRICS)
def test_contract(metric):
    score = METRICS[metric]
    assert score(REFERENCE, REFERENCE) == pytest.approx(1.0)
    assert score("", REFERENCE) == score(" \n", REFERENCE) == 0.0
    assert score("ζ", REFERENCE) == 0.0
    assert 0.0 <= score("共有11个，苹果", REFERENCE) < 1.0
    assert score("12", "") is score("", " ") is None


@pytest.mark.parametrize(
    ("category", "reference", "text", "expected"),
    [
        ("math", "12", "答案是12", 1.0),
        ("math", "12", "", 0.0),
        ("math", None, "12", None),
        ("generation", "12", "12", None),
    ],
)
def test_unscored_is_not_wrong(category, reference, text, expected):
    assert score_answer(answer(category, reference, text), {"math": "numeric_match"}) == expected
