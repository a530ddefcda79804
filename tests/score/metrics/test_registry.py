import pkgutil
from typing import get_args

import pytest

from belle.config.evaluation_set import Metric
from belle.errors import UserError
from belle.sandbox.run import check_sandbox
from belle.score import metrics
from belle.score.metrics.registry import EXECUTING, METRICS

REFERENCE = "共12个：苹果、梨和 Tea"
REFERENCES = {"code_execution": "def double(x):\n    return 2 * x\n\nassert double(2) == 4"}
"""Of metrics that cannot use REFERENCE."""


def refusal_of_sandbox() -> str:
    try:
        check_sandbox()
    except UserError as error:
        return str(error)
    return ""


def test_every_metric_that_is_written_is_used():
    files = {one.name for one in pkgutil.iter_modules(metrics.__path__)} - {"registry", "text"}
    assert files == set(METRICS), "registry.py: METRICS lacks a line"


def test_a_profile_may_name_every_metric_and_no_other():
    assert set(METRICS) == set(get_args(Metric)), "METRICS in registry.py and Metric in evaluation_set.py differ"


@pytest.mark.parametrize("metric", METRICS)
def test_every_metric_keeps_the_contract(metric):
    if metric in EXECUTING and (refusal := refusal_of_sandbox()):
        pytest.skip(refusal)
    score, reference = METRICS[metric], REFERENCES.get(metric, REFERENCE)
    assert score(reference, reference) == pytest.approx(1.0)
    assert score("", reference) == score(" \n", reference) == 0.0
    assert score("ζ", reference) == 0.0
    assert 0.0 <= score("共有11个，苹果", reference) < 1.0
    assert score("12", "") is score("", " ") is None
