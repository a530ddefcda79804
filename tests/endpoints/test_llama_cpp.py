"""The OpenAI-compatible server of llama-cpp-python: what it really answers, refuses and counts."""

import pytest

from belle.endpoints import retries
from belle.endpoints.send import send
from belle.errors import UserError
from endpoints.conftest import ask, budget, endpoint
from llama_server import KEY, serve_llama

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def address(tiny_model, tmp_path_factory):
    """A server of a tiny model with random weights, 256 tokens long, that wants a key."""
    from belle.quantize.gguf.quantize import quantize_gguf

    folder = tmp_path_factory.mktemp("gguf")
    quantize_gguf(tiny_model("llama"), "q8_0", folder)
    with serve_llama(folder / "model.gguf", 256) as base:
        yield base


@pytest.fixture
def profile(address, monkeypatch):
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    monkeypatch.setattr(retries, "BACKOFF_SECONDS", 0.01)
    monkeypatch.setenv("LOCAL_KEY", KEY)
    return endpoint(base_url=address, api_key_variable="LOCAL_KEY", max_concurrency=2)


def test_every_request_gets_a_reply_with_its_tokens_counted(profile, store):
    requests = ask("你好", "苹果", "把苹果翻译成英文", max_tokens=8, parameters={"temperature": 0.0})
    assert send(requests, profile, store, budget()) == {}
    replies = [store.reply(request.key) for request in requests]
    assert all(reply.finish_reason in ("stop", "length") and reply.model == "m" for reply in replies)
    for request, reply in zip(requests, replies, strict=True):
        assert 0 < reply.input_tokens <= request.most_input_tokens
        # to end a character it goes up to three tokens beyond max_tokens
        assert 0 <= reply.output_tokens <= 8 + 3
    send(requests, profile.model_copy(update={"base_url": "http://127.0.0.1:9/v1"}), store, budget())


def test_a_prompt_that_is_too_long_is_refused_and_the_others_are_answered(profile, store):
    requests = ask("你好", "长" * 2000, "苹果", max_tokens=4)
    refused = send(requests, profile, store, budget())
    assert list(refused) == [requests[1].key] and "maximum context length is 256" in refused[requests[1].key]
    assert store.reply(requests[2].key) is not None


def test_a_wrong_key(profile, store, monkeypatch):
    monkeypatch.setenv("LOCAL_KEY", "sk-local-456")
    with pytest.raises(UserError, match="LOCAL_KEY"):
        send(ask("你好"), profile, store, budget())


def test_a_schema_that_the_server_does_not_know_is_no_reply(profile, store):
    """It takes `json_object` with a schema, not OpenAI's `json_schema`."""
    schema = {"type": "object", "properties": {"score": {"type": "integer"}}, "required": ["score"]}
    theirs = {"response_format": {"type": "json_object", "schema": schema}}
    (request,) = ask("评分", max_tokens=40, parameters=theirs)
    assert send([request], profile, store, budget()) == {}
    assert store.reply(request.key).text.startswith("{")
    openais = {"response_format": {"type": "json_schema", "json_schema": {"name": "s", "schema": schema}}}
    with pytest.raises(UserError, match=r"status 500.*json_schema"):
        send(ask("评分", max_tokens=40, parameters=openais), profile, store, budget())
