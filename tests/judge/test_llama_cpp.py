"""A real server as judge: that of llama-cpp-python, told of a schema."""

import json

import pytest

from belle.judge.judgments import used_verdicts
from judge.factories import answers_to, belle_set, judged, judging
from llama_server import KEY, serve_llama

pytestmark = pytest.mark.slow


def test_every_answer_is_accounted_for_and_every_reply_follows_the_schema(tiny_model, tmp_path, monkeypatch):
    """A model with random weights: the schema makes it write JSON, nothing makes it write a score that is one."""
    from belle.quantize.gguf.quantize import quantize_gguf

    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    monkeypatch.setenv("LOCAL_KEY", KEY)
    (tmp_path / "gguf").mkdir()
    quantize_gguf(tiny_model("llama"), "q8_0", tmp_path / "gguf")
    answers, plan = answers_to(belle_set(3)), judging(output="json", max_tokens=30)
    with serve_llama(tmp_path / "gguf/model.gguf", 2048) as address:
        judgments, judges = judged(
            plan, answers, address, tmp_path / "s", tmp_path / "out", api_key_variable="LOCAL_KEY", max_concurrency=2
        )
    passport = judges["judge"]
    assert passport["structured"] == "enforced" and passport["refused"] == {}
    used = list(used_verdicts(judgments))
    assert len(used) == passport["judgments"] == 3 and passport["asked_again"] == len(judgments) - 3
    assert sum(passport["unscored"].values()) + passport["scored"] == 3
    for one in judgments:
        if one.reply.finish_reason == "stop":
            assert set(json.loads(one.reply.text)) == {"reason", "score"}
        else:
            assert one.verdict.reason == "length"
    # another server on another port, or none, makes no difference to what has its reply
    again, _ = judged(plan, answers, "http://127.0.0.1:9/v1", tmp_path / "s", tmp_path / "again")
    assert again == judgments
