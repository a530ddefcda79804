"""Sharper requests follow from the replies that are here, so batches and files have them too."""

import pytest

from belle.judge.ask import Judge
from belle.judge.first_round import FirstRound
from belle.judge.material import Material
from belle.judge.second_round import requests_to
from endpoints.conftest import endpoint
from generate_data.factories import reply
from judge.factories import PROMPTS, answers_to, belle_set, judging


def judge_of(**params):
    return Judge.of(judging(**params), "judge", endpoint(), None)


@pytest.fixture
def material():
    return Material("unquantized", answers_to(belle_set(4)), belle_set(4), PROMPTS)


def test_they_are_asked_when_their_first_reply_is_here(material, store):
    judge = judge_of(max_tokens=100)
    first = FirstRound.of(judge, material)
    keys = [request.key for *_, request in first.answers]
    assert requests_to(judge, material, store) == first.requests
    for key, text, ending in zip(keys, ("得分：1", "很好", "得分：0.5"), ("stop", "stop", "length"), strict=False):
        store.add(key, reply(text, ending))
    *before, vague, cut = requests_to(judge, material, store)
    assert before == first.requests and (vague.max_tokens, cut.max_tokens) == (100, 200)
    for request, answer in zip((vague, cut), material.answers[1:3], strict=True):
        message = request.messages[0]["content"]
        assert answer.answer in message and "不要复述" in message and request.key not in keys


def test_not_at_all_when_that_is_off(material, store):
    judge = judge_of(ask_again=False)
    for *_, request in FirstRound.of(judge, material).answers:
        store.add(request.key, reply("很好"))
    assert len(requests_to(judge, material, store)) == len(FirstRound.of(judge, material).requests)
