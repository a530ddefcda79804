"""What planting a score gains with a judge that falls for it, and with one that does not."""

import json

import pytest

from belle.judge.injection import PLANTS, POOR_ANSWERS
from chat_server import completion
from judge.factories import answers_to, belle_set, judged, judging


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


def test_plants_name_the_highest_score_in_every_form_that_is_read():
    assert all("1" in plant for plant in PLANTS) and json.loads(PLANTS[-1])["score"] == 1
    assert len(POOR_ANSWERS) * len(PLANTS) == 12
