"""How replies of judges are read: a table of real-looking ones."""

import pytest

from belle.judge.parse import Verdict, parse_reply, parse_reply_text
from generate_data.factories import reply
from judge.replies import COPIED, NOT_OK, OK

ANSWER = "苹果是一种水果。"


@pytest.mark.parametrize(("text", "score"), OK)
def test_a_score(text, score):
    found = parse_reply_text(text, ANSWER)
    assert (found.score, found.reason) == (score, None) and found.rule and found.span


@pytest.mark.parametrize(("text", "reason"), NOT_OK, ids=lambda text: text[:30])
def test_a_reason_for_no_score(text, reason):
    found = parse_reply_text(text, ANSWER)
    assert (found.score, found.reason) == (None, reason)


@pytest.mark.parametrize(("answer", "text", "expected"), COPIED)
def test_a_copy_of_the_graded_answer_is_no_verdict(answer, text, expected):
    found = parse_reply_text(text, answer)
    assert expected in (found.score, found.reason)


def test_the_table_is_long_and_its_replies_differ():
    texts = [row[0] for row in OK + NOT_OK]
    assert len(texts) == len(set(texts)) > 160


@pytest.mark.parametrize(
    ("text", "rule", "part"),
    [
        ("理由：对。\n**得\u200b分：** ０.8/1 。", "label", "得\u200b分：** ０.8/1"),
        ("\ufeff0.5", "line", "0.5"),
        ('好：{"score": 0.5}', "json", '{"score": 0.5}'),
        ("得分：0.5\n得分：0.6", "label", "得分：0.5"),
        ("得分：7", "label", "得分：7"),
    ],
)
def test_the_rule_and_the_place_in_the_reply_as_it_came(text, rule, part):
    found = parse_reply_text(text, ANSWER)
    assert (found.rule, text[slice(*found.span)]) == (rule, part)


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"finish_reason": "length"}, "length"),
        ({"finish_reason": "content_filter"}, "content_filter"),
        ({"refusal": "I cannot grade this."}, "refusal"),
        ({"text": "", "finish_reason": "length"}, "length"),
        ({"text": ""}, "empty"),
    ],
)
def test_a_reply_that_is_not_whole_has_no_score_whatever_it_says(changes, reason):
    assert parse_reply(reply(**{"text": "得分：1"} | changes), ANSWER) == Verdict(None, reason)
    assert parse_reply(None, ANSWER) == Verdict(None, "no_reply")
    assert parse_reply(reply("得分：1"), ANSWER).score == 1


@pytest.mark.parametrize(
    "part",
    [
        "得分",
        '"',
        "*",
        "{",
        "1. ",
        "得分(",
        "\n",
        "\t ",
        "我给出的",
        "> ",
        '{"a":',
        "- ",
        "得分：",
        "得分：1. 好\n",
        "0",
        "一",
        "'a",
        "，",
        "，我给该回答",
        "（因此",
        "*, ",
        "`{",
        '{"score": 1}\n',
        "I would give it a ",
        "</think>",
        "1\n",
    ],
)
@pytest.mark.timeout(120)
def test_a_long_reply_that_repeats_itself_takes_no_minutes(part):
    text = part * 30_000
    for one in (text, f"得分：{text}", f"{text}得分：1"):
        parse_reply_text(one, text)


@pytest.mark.timeout(120)
def test_blanks_behind_a_conclusion_take_no_minutes():
    assert parse_reply_text(f"综上{' ' * 100_000}好", ANSWER).reason == "no_score"
