"""Judges against a scripted server: what they are asked, how often, and what is written of it."""

import hashlib
import json

import pytest

from belle.config.budget import BudgetParams
from belle.endpoints.extract import import_replies
from belle.endpoints.reply import REFUSED
from belle.endpoints.store import ReplyStore
from belle.errors import UserError
from belle.judge.judgments import REPLIES, read_judgments, used_verdicts, write_nothing
from chat_server import Step, completion, error
from factories import contents
from judge.factories import PROMPTS, answers_to, belle_set, judged, judging

AGAIN = "不要复述题目"
PROBES = 15
"""Requests of the injection probe: three answers, each alone and with four plants."""


def score_of(message):
    """The score that the scripted judge gives: it depends on the message alone."""
    return int(hashlib.sha256(message.encode()).hexdigest(), 16) % 11 / 10


def grade(body):
    """Grade in one of several styles."""
    message = body["messages"][0]["content"]
    score = score_of(message)
    styles = (f"得分:{score}\n理由:还可以。", f"**得分：** {score}/1", f"理由：一般。\n\n最终得分：{score * 100:g}%",
              json.dumps({"reason": "可以", "score": score}))  # fmt: skip
    return completion(styles[len(message) % len(styles)])


@pytest.fixture
def judge_chat(chat):
    chat.answer = grade
    return chat


def scores(judgments):
    return {(one.id, one.judge, one.repeat): one.verdict.score for one in used_verdicts(judgments)}


def test_every_answer_has_the_score_that_the_judge_gave(judge_chat, tmp_path):
    answers = answers_to(belle_set(40))
    judgments, judges = judged(judging(), answers, judge_chat.address, tmp_path / "s", tmp_path / "out")
    asked = {body["messages"][0]["content"]: body for body in judge_chat.asked}
    assert [one.id for one in judgments] == [one.id for one in answers]
    for one, answer in zip(judgments, answers, strict=True):
        (message,) = [
            text for text in asked if f"{answer.question} " in text and text.startswith(PROMPTS[answer.category])
        ]
        assert one.verdict.score == score_of(message)
        shown = answer.category not in ("generation", "brainstorming", "rewrite") and answer.reference is not None
        assert ("标准回答" in message) == shown
        body = asked[message]
        assert (body["temperature"], body["max_tokens"], len(body["messages"])) == (0.0, 3000, 1)
        assert body["messages"][0]["role"] == "user" and "response_format" not in body
    passport = judges["judge"]
    assert (passport["judgments"], passport["scored"], passport["unscored"]) == (40, 40, {})
    assert passport["replies"] == len(judge_chat.asked) == 40 + PROBES
    assert passport["reported_models"] == {"scripted-2026-01-01": 55}
    assert passport["input_tokens"] == 550 and passport["cost"] == 0.0


def test_repeats_and_a_second_judge_have_requests_of_their_own(judge_chat, tmp_path):
    answers = answers_to(belle_set(8))
    plan = judging("judge", "second_judge", repeats=3)
    judgments, judges = judged(plan, answers, judge_chat.address, tmp_path / "s", tmp_path / "out")
    assert len(judgments) == len({one.key for one in judgments}) == 8 * 2 * 3
    assert [(one.id, one.judge, one.repeat) for one in judgments[:7]] == [
        ("q-0", "judge", 0), ("q-0", "judge", 1), ("q-0", "judge", 2),
        ("q-0", "second_judge", 0), ("q-0", "second_judge", 1), ("q-0", "second_judge", 2), ("q-1", "judge", 0),
    ]  # fmt: skip
    assert list(judges) == ["judge", "second_judge"] and judges["second_judge"]["endpoint"] == "test-second_judge"


def test_the_same_bytes_whenever_replies_arrive_and_for_a_colleague_without_a_server(judge_chat, tmp_path):
    answers, plan = answers_to(belle_set(20)), judging(repeats=2, anchors=6)
    judged(plan, answers, judge_chat.address, tmp_path / "s", tmp_path / "one")
    count = len(judge_chat.asked)
    judged(plan, answers, judge_chat.address, tmp_path / "s", tmp_path / "two")
    assert len(judge_chat.asked) == count
    with ReplyStore(tmp_path / "other") as store:
        import_replies(tmp_path / "one" / REPLIES, store)
    nobody = "http://127.0.0.1:9/v1"
    judged(plan, answers, nobody, tmp_path / "other", tmp_path / "three", api_key_variable="NO_SUCH_KEY")
    assert contents(tmp_path / "one") == contents(tmp_path / "two") == contents(tmp_path / "three")


def test_a_reply_without_a_score_is_asked_for_once_more(judge_chat, tmp_path):
    def unwilling(body):
        message = body["messages"][0]["content"]
        if "第1个问题" in message and AGAIN not in message:
            return completion("这个回答很好。")
        if "第2个问题" in message:
            return completion("得分：1\n得分：0" if AGAIN not in message else "还是说不清。")
        if "第3个问题" in message and AGAIN not in message:
            return completion("得分：0.5", finish_reason="length")
        return completion("得分：0.5")

    judge_chat.answer = unwilling
    answers = answers_to(belle_set(5))
    judgments, judges = judged(judging(), answers, judge_chat.address, tmp_path / "s", tmp_path / "out")
    attempts = [(one.id, one.attempt, one.verdict.score, one.verdict.reason) for one in judgments]
    assert attempts == [
        ("q-0", 0, 0.5, None),
        ("q-1", 0, None, "no_score"), ("q-1", 1, 0.5, None),
        ("q-2", 0, None, "ambiguous"), ("q-2", 1, None, "no_score"),
        ("q-3", 0, None, "length"), ("q-3", 1, 0.5, None),
        ("q-4", 0, 0.5, None),
    ]  # fmt: skip
    verdicts = {one.id: one.verdict for one in used_verdicts(judgments)}
    assert verdicts["q-2"].reason == "ambiguous" and verdicts["q-3"].score == 0.5
    limits = {b["messages"][0]["content"][:30]: b["max_tokens"] for b in judge_chat.asked if AGAIN in str(b)}
    assert sorted(limits.values()) == [3000, 3000, 6000]
    assert (judges["judge"]["unscored"], judges["judge"]["asked_again"]) == ({"ambiguous": 1}, 3)


def test_ask_again_off(judge_chat, tmp_path):
    judge_chat.answer = lambda body: completion("好。")
    judgments, _ = judged(
        judging(ask_again=False), answers_to(belle_set(3)), judge_chat.address, tmp_path / "s", tmp_path / "out"
    )
    assert [(one.attempt, one.verdict.reason) for one in judgments] == [(0, "no_score")] * 3


def test_a_refused_request_is_counted_kept_and_not_sent_again(judge_chat, tmp_path, capfd):
    answers = answers_to(belle_set(4), q_2="长" * 50)
    # the server of the tests answers errors by its script alone, so the order is made one after the other
    judge_chat.script = [*[Step()] * (PROBES + 2), error(400, "too long: 1234 tokens"), Step()]
    judgments, judges = judged(
        judging(), answers, judge_chat.address, tmp_path / "s", tmp_path / "out", max_concurrency=1
    )
    assert [one.verdict.reason for one in judgments] == [None, None, "no_reply", None]
    assert [one.attempt for one in judgments] == [0] * 4
    assert judges["judge"]["refused"] == {"status 400: too long: … tokens": 1} and judges["judge"]["unscored"] == {
        "no_reply": 1
    }
    assert judgments[2].reply.finish_reason == REFUSED
    count = len(judge_chat.asked)
    judged(judging(), answers, judge_chat.address, tmp_path / "s", tmp_path / "again")
    assert len(judge_chat.asked) == count and contents(tmp_path / "again") == contents(tmp_path / "out")
    assert "requests that were refused: 1: status 400: too long: … tokens" in capfd.readouterr().err


def test_when_most_requests_are_refused_nothing_is_taken_for_an_answer(judge_chat, tmp_path):
    """An account that is closed in the middle must not leave a thousand answers without a judgment for good."""
    answers, said = answers_to(belle_set(40)), error(400, "account closed")
    judge_chat.script = [Step(), *[said] * 54]
    with pytest.raises(UserError, match=r"54 of 55 requests were refused, as with .*account closed"):
        judged(judging(), answers, judge_chat.address, tmp_path / "s", tmp_path / "out")
    judgments, _ = judged(judging(), answers, judge_chat.address, tmp_path / "s", tmp_path / "again")
    assert all(one.verdict.score is not None for one in judgments)


def test_sharper_requests_may_all_be_refused(judge_chat, tmp_path):
    judge_chat.answer = lambda body: completion("得分：0.5", finish_reason="length")
    judge_chat.script = [*[Step()] * (PROBES + 8), *[error(400, "max_tokens is too large: 6000")] * 8]
    answers = answers_to(belle_set(8))
    judgments, judges = judged(judging(), answers, judge_chat.address, tmp_path / "s", tmp_path / "out")
    assert [one.verdict.reason for one in judgments] == ["length", "no_reply"] * 8
    assert judges["judge"]["unscored"] == {"length": 8}


def test_equal_answers_of_two_variants_are_paid_for_once(judge_chat, tmp_path):
    answers = answers_to(belle_set(10))
    judged(judging(), answers, judge_chat.address, tmp_path / "s", tmp_path / "one")
    count = len(judge_chat.asked)
    others = answers_to(belle_set(10), q_3="别的回答")
    judged(judging(), others, judge_chat.address, tmp_path / "s", tmp_path / "two")
    assert len(judge_chat.asked) == count + 1


def test_errors_time_outs_and_broken_replies_lose_nothing(judge_chat, tmp_path, monkeypatch):
    answers = answers_to(belle_set(30))
    judge_chat.script = [
        Step(), error(429, retry_after="0.1"), error(500), error(503), Step(body=b"<html>"), Step(cut=20),
        Step(delay=0.9), Step(body=b'{"choices": []}'), Step(), error(429), Step(cut=0),
    ]  # fmt: skip
    judgments, judges = judged(
        judging(), answers, judge_chat.address, tmp_path / "s", tmp_path / "out", timeout_seconds=0.5
    )
    assert len(judgments) == judges["judge"]["scored"] == 30
    messages = {score_of(body["messages"][0]["content"]) for body in judge_chat.asked}
    assert {one.verdict.score for one in judgments} <= messages
    # each failed step was one attempt more, and nothing else was sent twice
    assert len(judge_chat.asked) == 30 + PROBES + 9


def test_a_budget_is_of_one_judge(judge_chat, tmp_path):
    """Each judge takes more than half of it."""
    answers, plan = answers_to(belle_set(6)), judging("judge", "second_judge", max_tokens=100)
    enough, little = BudgetParams(tokens=1200, money=None), BudgetParams(tokens=600, money=None)
    options = {"max_concurrency": 1, "budget": enough}
    _, judges = judged(plan, answers, judge_chat.address, tmp_path / "s", tmp_path / "out", **options)
    assert all(one["input_tokens"] + one["output_tokens"] > 600 for one in judges.values())
    with pytest.raises(UserError, match=r"evaluate\.judge\.budget\.tokens: 600"):
        judged(judging(max_tokens=101), answers, judge_chat.address, tmp_path / "s", tmp_path / "no", budget=little)


def test_nothing_is_sent_when_a_category_has_no_prompt(judge_chat, tmp_path):
    with pytest.raises(UserError, match="there is no prompt for "):
        judged(
            judging(), answers_to(belle_set(8)), judge_chat.address, tmp_path / "s", tmp_path / "out",
            prompts={"math": PROMPTS["math"]},
        )  # fmt: skip
    assert judge_chat.asked == []


def test_other_models_than_asked_for_are_noted(judge_chat, tmp_path, capfd):
    def rerouted(body):
        content = json.loads(grade(body))
        content["model"] = "other" if "第2个" in str(body) else "local"
        content["system_fingerprint"] = "fp_1"
        return json.dumps(content).encode()

    judge_chat.answer = rerouted
    _, judges = judged(judging(), answers_to(belle_set(4)), judge_chat.address, tmp_path / "s", tmp_path / "out")
    assert judges["judge"]["reported_models"] == {"local": 18, "other": 1}
    assert judges["judge"]["fingerprints"] == {"fp_1": 19}
    assert "several models replied: local (18), other (1)" in capfd.readouterr().err


def json_judge(obeys):
    def answer(body):
        form = body.get("response_format")
        if form and "code" in form["schema"]["properties"]:
            (code,) = form["schema"]["properties"]["code"]["enum"]
            return completion(json.dumps({"code": code}) if obeys else "蓝")
        if form is None and "天空" in str(body):
            return completion("蓝")
        return completion('{"reason": "可以", "score": 0.5}' if obeys else "得分：0.5")

    return answer


@pytest.mark.parametrize(("obeys", "outcome"), [(True, "enforced"), (False, "ignored")])
def test_json_output_tells_the_server_a_schema_and_reads_whatever_comes(judge_chat, tmp_path, obeys, outcome, capfd):
    judge_chat.answer = json_judge(obeys)
    answers = answers_to(belle_set(3))
    judgments, judges = judged(judging(output="json"), answers, judge_chat.address, tmp_path / "s", tmp_path / "out")
    assert {one.verdict.score for one in judgments} == {0.5} and judges["judge"]["structured"] == outcome
    body = judge_chat.asked[-1]
    assert body["response_format"]["schema"]["required"] == ["reason", "score"] and "JSON" in str(body["messages"])
    assert ("ignored by the server" in capfd.readouterr().err) == (not obeys)


def test_a_server_that_refuses_schemas_is_asked_in_words(judge_chat, tmp_path):
    judge_chat.answer = json_judge(True)
    judge_chat.script = [Step(), error(400, "response_format is unknown")]
    judgments, judges = judged(
        judging(output="json"), answers_to(belle_set(3)), judge_chat.address, tmp_path / "s", tmp_path / "out"
    )
    assert judges["judge"]["structured"] == "refused" and {one.verdict.score for one in judgments} == {0.5}
    assert judges["judge"]["refused"] == {}
    assert "response_format" not in judge_chat.asked[-1]


def test_without_a_judge_the_files_are_empty(tmp_path):
    write_nothing(tmp_path)
    assert contents(tmp_path) == {"judges.json": b"{}\n", "judgments.jsonl": b"", "replies.jsonl": b""}
    assert read_judgments(tmp_path, {}) == []


def test_judgments_of_other_answers_are_refused(judge_chat, tmp_path):
    judged(judging(), answers_to(belle_set(2)), judge_chat.address, tmp_path / "s", tmp_path / "out")
    with pytest.raises(UserError, match="'q-1' is no question of the answers"):
        read_judgments(tmp_path / "out", {"q-0": ""})
    (tmp_path / "out" / "judgments.jsonl").write_text('{"id": "q-0"}\n')
    with pytest.raises(UserError, match=r"row 1: judge: Field required"):
        read_judgments(tmp_path / "out", {"q-0": ""})
