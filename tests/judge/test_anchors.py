"""Fixed answers, asked once per round, by which a judge that has changed is noticed."""

import numpy as np
import pytest
from scipy import stats

from belle.judge.anchors import _paired_t
from chat_server import completion
from judge.factories import answers_to, belle_set, judged, judging


def run(chat, tmp_path, name, answers, **params):
    _, judges = judged(judging(**params), answers, chat.address, tmp_path / "s", tmp_path / name)
    return judges["judge"]["drift"]


def test_a_judge_that_has_become_stricter(chat, tmp_path):
    answers = answers_to(belle_set(40))
    chat.answer = lambda body: completion("得分：0.9" if "1" in body["messages"][0]["content"] else "得分：0.8")
    assert run(chat, tmp_path, "none", answers) is None
    first = run(chat, tmp_path, "first", answers, anchors=9)
    assert (first["anchors"], first["round"], first["unscored"]) == (9, 0, 0) and "difference" not in first
    count = len(chat.asked)
    chat.answer = lambda body: completion("得分：0.7" if len(str(body)) % 2 else "得分：0.6")
    assert run(chat, tmp_path, "again", answers, anchors=9) == first and len(chat.asked) == count
    drift = run(chat, tmp_path, "second", answers, anchors=9, anchor_round=1)
    assert len(chat.asked) == count + 9
    assert drift["pairs"] == 9 and drift["ci_high"] < 0 and drift["p"] < 0.01
    assert drift["difference"] == pytest.approx(drift["mean"] - first["mean"], abs=2e-4)


def test_other_answers_have_the_same_anchors(chat, tmp_path):
    """They follow from the questions alone, so a new experiment asks for none again."""
    chat.answer = lambda body: completion("得分：0.5")
    questions = belle_set(30)
    run(chat, tmp_path, "one", answers_to(questions), anchors=6)
    count = len(chat.asked)
    run(chat, tmp_path, "two", answers_to(questions, q_1="别的"), anchors=6)
    assert len(chat.asked) == count + 1


def test_no_more_anchors_than_questions_with_a_reference(chat, tmp_path):
    chat.answer = lambda body: completion("好")
    drift = run(chat, tmp_path, "out", answers_to(belle_set(3)), anchors=50, ask_again=False)
    assert (drift["anchors"], drift["unscored"], drift["mean"]) == (2, 2, None)


def test_the_paired_t_is_that_of_scipy():
    new, old = np.array([0.5, 0.4, 0.9, 0.2]), np.array([0.6, 0.4, 1.0, 0.5])
    found, theirs = _paired_t(new - old), stats.ttest_rel(new, old)
    interval = theirs.confidence_interval()
    expected = [np.mean(new - old), interval.low, interval.high, theirs.pvalue]
    assert list(found.values()) == pytest.approx(expected, abs=1e-4)
    for same in (0.0, -0.2):
        assert _paired_t(np.full(3, same)) == {"difference": same, "ci_low": None, "ci_high": None, "p": None}
    assert _paired_t(np.array([0.25]))["difference"] == 0.25 and _paired_t(np.array([]))["difference"] is None
