"""Fixed answers, asked once per round, by which a judge that has changed is noticed."""

import numpy as np
import pytest
from scipy import stats

from belle.judge.anchors import _paired_t, anchors_of, drift_of
from belle.judge.ask import Judge, first_requests
from chat_server import completion
from endpoints.conftest import endpoint
from generate_data.factories import reply
from judge.factories import PROMPTS, WITHOUT, answers_to, belle_set, judged, judging


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


def anchors(questions, **params):
    judge = Judge.of(judging(**params), "judge", endpoint(), None)
    return judge, anchors_of(judge, questions, PROMPTS)


def test_they_are_a_reference_its_half_and_that_of_another_question_in_turn():
    questions = belle_set(64)
    usable = [one for one in questions if one.reference and one.category not in ("rewrite", *WITHOUT)]
    _, found = anchors(questions, anchors=6)
    step = len(usable) / 6
    at = [int(number * step) for number in range(6)]
    assert at[-1] > len(usable) * 3 // 4
    references = [one.reference for one in usable]
    assert [one.answer for one in found] == [
        references[at[0]], references[at[1]][: (len(references[at[1]]) + 1) // 2], references[at[2] + 1],
        references[at[3]], references[at[4]][: (len(references[at[4]]) + 1) // 2], references[at[5] + 1],
    ]  # fmt: skip
    for place, one in zip(at, found, strict=True):
        (message,) = one.first.messages
        assert usable[place].question in message["content"] and f"' {one.answer}'" in message["content"]


def test_every_round_has_requests_of_its_own_and_round_0_for_ever_the_same():
    questions = belle_set(16)
    keys = {}
    for number in range(3):
        _, found = anchors(questions, anchors=2, anchor_round=number, repeats=number + 1)
        keys[number] = [one.present.key for one in found]
        assert [one.first.key for one in found] == keys[0]
    assert len({key for one in keys.values() for key in one}) == 6


def test_an_answer_that_equals_an_anchor_is_asked_about_for_itself():
    """An anchor is judged once; were it the same request, a later round would judge the answer again."""
    questions = belle_set(16)
    judge, (first, *_) = anchors(questions, anchors=1, repeats=3, anchor_round=2)
    answer = answers_to(questions[:1], q_0=first.answer)
    asked = list(first_requests(judge, answer, PROMPTS))
    assert [request.messages for *_, request in asked] == [first.first.messages] * 3
    assert len({first.first.key, first.present.key, *(request.key for *_, request in asked)}) == 5


def test_only_anchors_with_a_score_in_both_rounds_are_compared(store):
    _, found = anchors(belle_set(16), anchors=4, anchor_round=1)
    scores = (("0.5", "0.4"), ("0.5", "0.25"), ("好", "0.9"), ("0.8", "好"))
    for one, (old, new) in zip(found, scores, strict=True):
        store.add(one.first.key, reply(f"得分：{old}"))
        store.add(one.present.key, reply(f"得分：{new}"))
    drift = drift_of(found, 1, store)
    assert (drift["anchors"], drift["unscored"], drift["mean"], drift["pairs"]) == (4, 1, 0.5167, 2)
    assert drift["difference"] == -0.175
    assert drift_of(found, 0, store).keys() == {"anchors", "round", "unscored", "mean"}
    assert drift_of([], 1, store) is None


def test_the_paired_t_is_that_of_scipy():
    new, old = np.array([0.5, 0.4, 0.9, 0.2]), np.array([0.6, 0.4, 1.0, 0.5])
    found, theirs = _paired_t(new - old), stats.ttest_rel(new, old)
    interval = theirs.confidence_interval()
    expected = [np.mean(new - old), interval.low, interval.high, theirs.pvalue]
    assert list(found.values()) == pytest.approx(expected, abs=1e-4)
    for same in (0.0, -0.2):
        assert _paired_t(np.full(3, same)) == {"difference": same, "ci_low": None, "ci_high": None, "p": None}
    assert _paired_t(np.array([0.25]))["difference"] == 0.25 and _paired_t(np.array([]))["difference"] is None
