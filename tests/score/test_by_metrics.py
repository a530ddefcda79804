import numpy as np
import pytest

from belle.errors import UserError
from belle.score import by_metrics
from belle.score.by_metrics import (
    NO_METRIC,
    NO_REFERENCE,
    NOT_EXECUTED,
    UNUSABLE,
    score_answer,
    score_by_metrics,
)
from factories import answer

METRICS = {"math": "numeric_match", "extract": "set_f1", "code": "code_execution"}


@pytest.mark.parametrize(
    ("scored", "expected"),
    [
        (answer("答案是12", "12", "math"), 1.0),
        (answer("", "12", "math"), 0.0),
        (answer("12", None, "math"), NO_REFERENCE),
        (answer("12", "见下图", "math"), UNUSABLE),
        (answer("12", "12", "generation"), NO_METRIC),
        (answer("x = 1", "assert x == 1", "code"), NOT_EXECUTED),
    ],
)
def test_an_unscored_answer_is_not_a_wrong_one(scored, expected):
    score, reason = score_answer(scored, METRICS, execute_code=False)
    assert (reason if score is None else score) == expected


def test_reasons_are_counted_by_category():
    answers = [answer("12", "12", "math", "q1"), answer("1", None, "math", "q2"), answer("诗", "诗", "诗歌", "q3")]
    found = score_by_metrics(answers, METRICS, execute_code=False)
    assert found.scored == 1 and np.isnan(found.scores[1:]).all()
    assert found.unscored([one.category for one in answers]) == {"math": {NO_REFERENCE: 1}, "诗歌": {NO_METRIC: 1}}


def refuse() -> None:
    raise UserError("no sandbox")


def test_answers_are_run_in_a_sandbox_or_not_at_all(monkeypatch):
    monkeypatch.setattr(by_metrics, "check_sandbox", refuse)
    with pytest.raises(UserError, match="no sandbox"):
        score_by_metrics([answer("x = 1", "assert x == 1", "code")], METRICS, execute_code=True)


def test_metrics_that_run_nothing_need_no_sandbox(monkeypatch):
    monkeypatch.setattr(by_metrics, "check_sandbox", refuse)
    assert score_by_metrics([answer("12", "12", "math")], {"math": "numeric_match"}, execute_code=True).scored == 1


def test_answers_are_run_where_that_is_allowed(monkeypatch):
    monkeypatch.setattr(by_metrics, "check_sandbox", refuse)
    monkeypatch.setitem(by_metrics.REGISTRY, "code_execution", lambda answer, reference: 1.0)
    program = answer("x = 1", "assert x == 1", "code")
    assert score_answer(program, METRICS, execute_code=True)[0] == 1.0
    assert score_by_metrics([program], METRICS, execute_code=False).scored == 0
