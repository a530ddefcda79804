"""A schema with one legal answer: servers that enforce it, pay no attention, and refuse it."""

import json

import pytest

from belle.endpoints.structured import ONLY_ANSWER, probe, probe_requests, response_format
from belle.errors import UserError
from chat_server import Step, completion, error
from endpoints.conftest import budget, endpoint

SCHEMA = {"type": "object", "properties": {"score": {"type": "number"}}}


def test_each_form_of_a_schema():
    forms = {
        form: response_format(endpoint(structured=form), SCHEMA)
        for form in ("none", "json_schema", "json_object_schema")
    }
    assert forms["none"] == {}
    assert forms["json_object_schema"] == {"response_format": {"type": "json_object", "schema": SCHEMA}}
    assert forms["json_schema"]["response_format"]["json_schema"] == {
        "name": "reply", "strict": True, "schema": SCHEMA,
    }  # fmt: skip


@pytest.mark.parametrize(
    ("reply", "outcome"),
    [
        (json.dumps(ONLY_ANSWER, indent=1), "enforced"),
        ("蓝", "ignored"),
        ('{"code": "blue"}', "ignored"),
        ("", "ignored"),
        ("[" * 100_000, "ignored"),
    ],
)
def test_an_endpoint_that_answers_is_asked_once(chat, profile, store, reply, outcome):
    chat.answer = lambda body: completion(reply if "response_format" in body else "蓝")
    for _ in range(2):
        assert probe(profile(structured="json_schema"), "test", store, budget()) == outcome
    assert len(chat.asked) == 2 and "response_format" not in chat.asked[0]


@pytest.mark.parametrize("status", [400, 422, 500])
def test_an_endpoint_that_refuses_the_schema_is_asked_once(chat, profile, store, status):
    chat.script = [Step(), error(status, "body.response_format.type: Input should be 'text' or 'json_object'")]
    for _ in range(2):
        assert probe(profile(structured="json_schema"), "test", store, budget()) == "refused"
    assert len(chat.asked) == 2


def test_a_refusal_is_one_whether_or_not_the_other_request_was_sent_earlier(chat, profile, store):
    with_schema = profile(structured="json_schema")
    chat.script = [Step(), error(401)]
    with pytest.raises(UserError, match="401"):
        probe(with_schema, "test", store, budget())
    chat.script = [error(400, "no such key")]
    assert probe(with_schema, "test", store, budget()) == "refused"


def test_without_a_form_nothing_is_asked(chat, profile, store):
    without = profile(structured="none")
    assert probe(without, "test", store, budget()) is None and probe_requests(without, "test") == []
    assert chat.asked == []
