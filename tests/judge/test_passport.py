"""What is known of a judge follows from its replies, and what is unusual about it is said."""

import pytest

from belle.endpoints.budget import Budget
from belle.endpoints.reply import REFUSED
from belle.judge.ask import Judge
from belle.judge.judgments import AGAIN, FIRST, Judgment
from belle.judge.parse import parse_reply
from belle.judge.passport import passport_of, report
from endpoints.conftest import endpoint
from generate_data.factories import reply
from judge.factories import judging

REFUSAL = reply(
    "", REFUSED, refusal="status 400: too long: 9 tokens", model=None, input_tokens=None, output_tokens=None
)


def judgments(*replies):
    """One judgment of each reply, of a question of its own."""
    return [Judgment(f"q{n}", "judge", 0, FIRST, "0" * 64, one, parse_reply(one, "")) for n, one in enumerate(replies)]


def passport(replies, asked=None, structured=None, judge=None):
    judge = judge or Judge.of(judging(), "judge", endpoint(), structured)
    return passport_of(judge, structured, judgments(*replies) if asked is None else asked, replies)


def notes(capsys, store, found):
    report("unquantized", found, store, Budget(None, None, None, "key"))
    lines = capsys.readouterr().err.splitlines()
    return lines[0], [line.removeprefix("note: judge unquantized: test-judge: ") for line in lines[1:]]


def test_what_is_counted():
    replies = [reply("得分：1", model="a"), reply("得分：0.5", "length", model="b", fingerprint="f"), REFUSAL]
    found = passport(replies)
    assert (found["endpoint"], found["reported_models"], found["fingerprints"]) == (
        "test-judge",
        {"a": 1, "b": 1},
        {"f": 1},
    )
    assert (found["judgments"], found["scored"], found["unscored"]) == (3, 1, {"length": 1, "no_reply": 1})
    assert (found["replies"], found["finish_reasons"]) == (2, {"length": 1, "stop": 1})
    # a refusal has taken no tokens that anybody knows of
    assert found["refused"] == {"status 400: too long: … tokens": 1} and found["input_tokens"] == 20


def test_a_second_attempt_counts_once_and_the_verdict_that_has_a_score():
    first, again = reply("好"), reply('{"score": 0.5}')
    asked = judgments(first)
    asked.append(asked[0]._replace(attempt=AGAIN, reply=again, verdict=parse_reply(again, "")))
    found = passport([first, again], asked)
    assert (found["judgments"], found["scored"], found["unscored"], found["asked_again"]) == (1, 1, {}, 1)


def test_a_server_that_does_not_say_which_model_replied(capsys, store):
    found = passport([reply("得分：1", None, model=None)])
    assert (found["reported_models"], found["finish_reasons"]) == ({}, {"unknown": 1})
    assert notes(capsys, store, found)[1] == []


@pytest.mark.parametrize(
    ("replies", "structured", "note"),
    [
        ([reply("得分：1", model="local")], None, None),
        ([reply("得分：1", model="local")], "enforced", None),
        (
            [reply("得分：1", model="local"), REFUSAL],
            None,
            "requests that were refused: 1: status 400: too long: … tokens",
        ),
        ([reply("得分：1", model="x")], None, "the model asked for is local, the server says that it used x"),
        (
            [reply("得分：1", model="local"), reply("得分：1", model="x")],
            None,
            "several models replied: local (1), x (1)",
        ),
        (
            [reply("得分：1", model="local")],
            "ignored",
            "the schema of output: json is ignored by the server; every reply is read with care",
        ),
        (
            [reply("得分：1", model="local")],
            "refused",
            "the schema of output: json is refused by the server; every reply is read with care",
        ),
    ],
)
def test_what_is_unusual_is_a_note(capsys, store, replies, structured, note):
    known = passport(replies, structured=structured)
    first, found = notes(capsys, store, known)
    assert found == ([note] if note else [])
    assert first.startswith(
        f"judge unquantized: test-judge: {known['scored']} of {len(replies)} judgments have a score"
    )
