import pkgutil
from typing import get_args

import pytest

from belle.config.evaluation_set import Metric
from belle.score import metrics
from belle.score.metrics.registry import METRICS

REFERENCE = "共12个：苹果、梨和 Tea"


def test_every_metric_that_is_written_is_used():
    files = {one.name for one in pkgutil.iter_modules(metrics.__path__)} - {"registry", "text"}
    assert files == set(METRICS), "registry.py: METRICS lacks a line"


def test_a_profile_may_name_every_metric_and_no_other():
    assert set(METRICS) == set(get_args(Metric)), "METRICS in registry.py and Metric in evaluation_set.py differ"


@pytest.mark.parametrize("metric", METRICS)
def test_every_metric_keeps_the_contract(metric):
    score = METRICS[metric]
    assert score(REFERENCE, REFERENCE) == pytest.approx(1.0)
    assert score("", REFERENCE) == score(" \n", REFERENCE) == 0.0
    assert score("ζ", REFERENCE) == 0.0
    assert 0.0 <= score("共有11个，苹果", REFERENCE) < 1.0
    assert score("12", "") is score("", " ") is None
