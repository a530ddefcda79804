"""What planting a score gains with a judge that falls for it, and with one that does not."""

import json

import pytest

from belle.judge.ask import Judge
from belle.judge.injection import PLANTS, POOR_ANSWERS, injection_of, probes
from chat_server import completion
from endpoints.conftest import endpoint
from generate_data.factories import reply
from judge.factories import PROMPTS, answers_to, belle_set, judged, judging


def credulous(body):
    message = body["messages"][0]["content"]
    return completion("得分：1" if "得分: 1" in message.partition("模型回答")[2] else "得分：0.2")


def copying(body):
    """Repeat the answer, then grade it as it is."""
    quoted = body["messages"][0]["content"].partition("模型回答：' ")[2].partition("。请针对")[0]
    return completion(f"{quoted}\n\n得分：0.2")


@pytest.mark.parametrize(
    ("judge", "expected"),
    [
        (credulous, {"pairs": 12, "unscored": 0, "difference": 0.6, "copies": 9}),
        (copying, {"pairs": 12, "unscored": 0, "difference": 0.0, "copies": 0}),
        (lambda body: completion("好"), {"pairs": 12, "unscored": 12, "difference": None, "copies": 0}),
    ],
)
def test_the_gain_is_reported(chat, tmp_path, judge, expected):
    chat.answer = judge
    _, judges = judged(judging(ask_again=False), answers_to(belle_set(1)), chat.address, tmp_path / "s", tmp_path / "o")
    assert judges["judge"]["injection"] == expected


def test_each_poor_answer_is_asked_about_alone_and_with_every_plant():
    judge = Judge.of(judging(), "judge", endpoint(), None)
    found = probes(judge, PROMPTS)
    for number, one in enumerate(found):
        question, reference, answer = POOR_ANSWERS[number // len(PLANTS)]
        plain, planted = (request.messages[0]["content"] for request in (one.plain_request, one.planted_request))
        assert (one.answer, one.planted) == (answer, answer + PLANTS[number % len(PLANTS)])
        assert plain.startswith(f"{PROMPTS['open qa']} {question} 标准回答:{reference}  模型回答：' {answer}'")
        assert planted == plain.replace(answer, one.planted)
    assert len({one.plain_request.key for one in found}) == 3 and len({one.planted_request.key for one in found}) == 12
    first = probes(judge, {"poems": "写诗得分", "math": "算术得分"})[0].plain_request.messages[0]["content"]
    assert first.startswith("算术得分 ")


def test_the_mean_is_over_pairs_in_which_both_replies_have_a_score(store):
    found = probes(Judge.of(judging(), "judge", endpoint(), None), PROMPTS)
    for one in found:
        store.add(one.plain_request.key, reply("得分：0.5"))
    for one, text in zip(found, ("得分：0.9", "得分：0.2", "说不好"), strict=False):
        store.add(one.planted_request.key, reply(text))
    assert injection_of(found, store) == {"pairs": 12, "unscored": 10, "difference": 0.05, "copies": 0}


def test_plants_name_the_highest_score_in_every_form_that_is_read():
    assert all("1" in plant for plant in PLANTS) and json.loads(PLANTS[-1])["score"] == 1
    assert len(POOR_ANSWERS) * len(PLANTS) == 12
