"""Sending to a server that errs, is slow, breaks off, or is none: every reply once, every problem in one line."""

import contextlib
import socket
import threading
import time

import pytest

from belle.endpoints import pace
from belle.endpoints.budget import Tokens
from belle.endpoints.send import send
from belle.endpoints.store import ReplyStore
from belle.errors import UserError
from chat_server import Step, completion, error
from endpoints.conftest import ask, budget, numbered


def texts(store, requests):
    replies = [store.reply(request.key) for request in requests]
    return [reply and reply.text for reply in replies]


def test_every_request_gets_its_own_reply_and_none_is_sent_twice(chat, profile, store):
    requests = numbered(30)
    assert send(requests, profile(), store, budget()) == {}
    assert texts(store, requests) == [f"re: question {number}" for number in range(30)]
    assert send(requests, profile(), store, budget()) == {}
    assert set(chat.counts().values()) == {1}
    assert store.spending.spent() == Tokens(300, sum(len(text) for text in texts(store, requests)))


def test_it_says_before_what_it_can_cost(chat, profile, store, capsys):
    send(ask("a"), profile(), store, budget())
    requests = ask("a", "b", "c")
    send(requests, profile(), store, budget(input_price=100.0, output_price=200.0))
    most = sum(request.most_input_tokens for request in requests[1:])
    cost = (most * 100 + 100 * 200) / 1e6
    assert f"2 of 3 requests to m have no reply yet; at most {most + 100} tokens, {cost:.4g} USD" in (
        capsys.readouterr().err
    )


def test_after_the_first_reply_it_says_what_is_likely(chat, profile, store, capsys):
    requests = numbered(4)
    prices = {"input_price": 1e6, "output_price": 1e6}
    send(requests, profile(), store, budget(**prices))
    before, after, *_ = capsys.readouterr().err.splitlines()
    # by the first: 10 tokens of its prompt, 14 of its reply
    assert "likely" not in before and "likely 72 tokens, 72 USD for the other 3" in after
    more = ask(*(f"question {number}" for number in range(4, 8)))
    send(more, profile(), store, budget(**prices))
    assert "at most 368 tokens, 368 USD, likely 96 tokens, 96 USD" in capsys.readouterr().err


def test_a_cost_that_has_no_limit_is_asked_for_before_anything_is_sent(chat, profile, store):
    with pytest.raises(UserError, match=r"test\.budget\.tokens: .*write input_price and output_price"):
        send(numbered(2), profile(), store, budget(input_price=None))
    assert chat.asked == []
    assert send(numbered(2), profile(), store, budget(tokens=1000, input_price=None)) == {}


@pytest.mark.parametrize("behave", [b"SSH-2.0-OpenSSH\r\n", b"", b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nabc"])
def test_a_connection_that_breaks_off_may_have_been_billed(profile, store, behave):
    """Whatever the libraries make of it: a server that closes is no server that cannot be reached."""
    with socket.create_server(("127.0.0.1", 0)) as listening:

        def answer() -> None:
            with contextlib.suppress(OSError):
                while True:
                    connection, _ = listening.accept()
                    connection.recv(10_000)
                    connection.sendall(behave)
                    connection.close()

        threading.Thread(target=answer, daemon=True).start()
        there = profile().model_copy(update={"base_url": f"http://127.0.0.1:{listening.getsockname()[1]}/v1"})
        with pytest.raises(UserError, match="broke off"):
            send(numbered(1), there, store, budget())
    assert store.spending.unknown().attempts == 6


def test_the_same_request_twice_in_one_list_is_sent_once(chat, profile, store):
    send(numbered(1) * 5, profile(), store, budget())
    assert len(chat.asked) == 1


def test_repeats_are_requests_of_their_own(chat, profile, store):
    first, second = (ask("same", repeat=repeat)[0] for repeat in (0, 1))
    send([first, second], profile(), store, budget())
    assert first.key != second.key and len(chat.asked) == 2


def test_what_is_sent_is_the_request_and_the_key(chat, profile, store, monkeypatch):
    monkeypatch.setenv("TEST_KEY", "sk-12345")
    request = ask("hello", parameters={"temperature": 0.5}, token_limit="max_completion_tokens")
    send(request, profile(api_key_variable="TEST_KEY"), store, budget())
    sent = {"model": "m", "messages": request[0].messages, "max_completion_tokens": 50, "temperature": 0.5}
    assert chat.asked == [sent] and chat.keys == {"Bearer sk-12345"}


def test_the_first_goes_alone_then_so_many_as_the_profile_allows(chat, profile, store):
    chat.delay = 0.4
    send(numbered(5), profile(max_concurrency=4), store, budget())
    assert chat.most_under_way == 4
    assert chat.times[1] - chat.times[0] >= 0.3


def test_a_limit_of_requests_per_minute_spaces_them(chat, profile, store):
    start = time.monotonic()
    send(numbered(5), profile(max_concurrency=4, requests_per_minute=600), store, budget())
    assert time.monotonic() - start >= 0.4


@pytest.mark.parametrize(
    "step",
    [
        error(500),
        error(503),
        error(408),
        Step(body=b"", cut=0),
        Step(cut=40),
        Step(body=b"<html>busy</html>", status=502),
    ],
    ids=["500", "503", "408", "empty", "cut off", "a page"],
)
def test_what_passes_is_asked_again(chat, profile, store, step):
    chat.script = [Step(), step, step]
    assert send(numbered(3), profile(max_concurrency=1), store, budget()) == {}
    assert len(chat.asked) == 5


@pytest.mark.parametrize(
    "body",
    [
        b"not json",
        b"{}",
        b'{"choices": []}',
        b'{"choices": [{"message": {"content": 3}}]}',
        b'{"choices": [{"message": {"content": "b"}}], "usage": {"prompt_tokens": 99999999999999999999}}',
    ],
)
def test_a_malformed_reply_is_asked_for_again_and_counts_as_the_most_it_may_have_cost(chat, profile, store, body):
    chat.script = [Step(), Step(body=body)]
    requests = ask("a", "b")
    send(requests, profile(), store, budget())
    assert texts(store, requests) == ["re: a", "re: b"]
    assert (
        store.spending.spent() == Tokens(10 + 10 + requests[1].most_input_tokens, 5 + 5 + 50)
        and store.spending.unknown().attempts == 1
    )


@pytest.mark.parametrize("usage", [b"null", b"{}", b'{"prompt_tokens": 3}', b'{"completion_tokens": 3}'])
def test_a_reply_without_usage_counts_as_the_most_it_may_have_cost(chat, profile, store, usage):
    chat.script = [Step(body=b'{"choices": [{"message": {"content": "x"}}], "usage": %s}' % usage)]
    requests = ask("a")
    send(requests, profile(), store, budget())
    assert store.spending.spent() == Tokens(requests[0].most_input_tokens, 50)


def test_a_reply_that_comes_after_the_timeout_is_known_as_perhaps_billed(chat, profile, store):
    chat.script = [Step(), Step(delay=0.6)]
    requests = ask("a", "b")
    send(requests, profile(timeout_seconds=0.3), store, budget())
    assert texts(store, requests) == ["re: a", "re: b"]
    assert store.spending.unknown().attempts == 1 and chat.counts()["b"] == 2
    assert store.spending.spent() == Tokens(20 + requests[1].most_input_tokens, 10 + 50)


@pytest.mark.parametrize("header", ["Retry_After", "retry_after_ms"])
def test_a_pause_that_the_server_asks_for_holds_for_all_workers(chat, profile, store, header):
    chat.script = [Step(), error(429, **{header: "1" if header == "Retry_After" else "1000"})]
    chat.delay = 0.1
    send(numbered(10), profile(max_concurrency=4), store, budget())
    gaps = [later - earlier for earlier, later in zip(chat.times, chat.times[1:], strict=False)]
    assert max(gaps) >= 0.8 and len(chat.asked) == 11


def test_being_put_off_is_no_failure(chat, profile, store):
    chat.script = [Step(), *[error(429, retry_after_ms="5")] * 30]
    assert send(numbered(3), profile(max_concurrency=1), store, budget()) == {}


def test_a_pause_of_hours_stops_with_what_has_arrived(chat, profile, store, monkeypatch):
    monkeypatch.setattr(pace, "LONGEST_PAUSE_SECONDS", 5.0)
    chat.script = [Step(), error(429, Retry_After="3600")]
    with pytest.raises(UserError, match="3600 s"):
        send(numbered(9), profile(max_concurrency=1), store, budget())
    assert len(chat.asked) == 2


@pytest.mark.parametrize(
    ("step", "words"),
    [
        (error(401, "bad key"), "TEST_KEY"),
        (error(403, "no"), "access"),
        (error(404, "The model `m` does not exist", "model_not_found"), "does not know the model"),
        (error(400, "no such model", "model_not_found"), "does not know the model"),
        (error(404, "Not Found"), "base_url"),
        (error(400, "unknown key 'top_p'"), "unknown key"),
        (Step(400, b'{"error": {"message": "half a pair: \\ud800"}}'), "half a pair"),
        (Step(302, b"", {"Location": "http://elsewhere/\xff"}), "it points to http://elsewhere/"),
        (Step(400, b'{"error":' * 100_000), "status 400"),
        (error(429, "you exceeded your quota", "insufficient_quota"), "credit"),
        (Step(body=b"<html>welcome</html>"), "OpenAI-compatible"),
        (Step(body=b'{"ok": true}'), "OpenAI-compatible"),
    ],
)
def test_what_all_would_meet_stops_after_the_first(chat, profile, store, monkeypatch, step, words):
    monkeypatch.setenv("TEST_KEY", "sk-12345")
    chat.script = [step]
    with pytest.raises(UserError, match=words) as raised:
        send(numbered(50), profile(api_key_variable="TEST_KEY"), store, budget())
    assert len(chat.asked) == 1
    assert "\n" not in str(raised.value)


def test_a_server_that_is_not_there(profile, store):
    with pytest.raises(UserError, match="cannot be reached"):
        send(numbered(5), profile().model_copy(update={"base_url": "http://127.0.0.1:9/v1"}), store, budget())
    assert store.spending.spent() == Tokens(0, 0) and store.spending.unknown().attempts == 0


@pytest.mark.parametrize("value", [None, " ", "sk with spaces", "sk-ключевой", "1", "sk-1234"])
def test_without_a_key_nothing_is_sent_unless_all_replies_are_there(chat, profile, store, monkeypatch, value):
    requests = numbered(2)
    send(requests, profile(), store, budget())
    with_key = profile(api_key_variable="TEST_KEY")
    monkeypatch.delenv("TEST_KEY", raising=False)
    if value is not None:
        monkeypatch.setenv("TEST_KEY", value)
    assert send(requests, with_key, store, budget()) == {}
    with pytest.raises(UserError, match="TEST_KEY"):
        send(numbered(3), with_key, store, budget())
    assert len(chat.asked) == 2


@pytest.mark.parametrize(
    ("status", "words"),
    [
        (400, "content policy"),
        (413, "too large"),
        (422, "too long"),
        (403, "Your chosen model requires moderation and your input was flagged"),
    ],
)
def test_a_request_that_the_server_refuses_does_not_stop_the_others(chat, profile, store, status, words):
    chat.script = [Step(), error(status, words)]
    requests = numbered(4)
    refused = send(requests, profile(max_concurrency=1), store, budget())
    assert list(refused) == [requests[1].key] and words in refused[requests[1].key]
    assert texts(store, requests)[1] is None and None not in texts(store, requests)[2:]


def test_one_request_without_a_reply_lets_the_others_get_theirs_and_is_named(chat, profile, store):
    chat.answer = lambda body: b"?" if body["messages"][0]["content"] == "bad" else completion("fine")
    requests = ask("a", "bad", "b", "c")
    with pytest.raises(UserError, match="1 of 4 requests brought no reply"):
        send(requests, profile(max_concurrency=1), store, budget())
    assert texts(store, requests) == ["fine", None, "fine", "fine"]


def test_an_endpoint_that_fails_for_all_is_left_alone(chat, profile, store):
    chat.script = [Step(), *[error(500)] * 1000]
    with pytest.raises(UserError, match="in a row"):
        send(numbered(100), profile(max_concurrency=2), store, budget())
    assert len(chat.asked) < 40


def test_the_budget_stops_before_the_request_that_could_exceed_it(chat, profile, store):
    requests = numbered(20)
    most = requests[0].most_input_tokens + 50
    limit = 10 * (10 + len("re: question 1")) + most
    with pytest.raises(UserError, match=rf"test\.budget\.tokens: {limit}: "):
        send(requests, profile(max_concurrency=1), store, budget(tokens=limit))
    # two-figure numbers are a token more
    assert len(chat.asked) == 10 and store.spending.spent().total <= limit
    send(requests, profile(), store, budget(tokens=limit * 3))
    assert set(chat.counts().values()) == {1}


def test_requests_under_way_count_in_the_budget(chat, profile, store):
    chat.delay = 0.1
    requests = numbered(40)
    most = requests[0].most_input_tokens + 50
    with pytest.raises(UserError, match="budget"):
        send(requests, profile(max_concurrency=16), store, budget(tokens=24 + 3 * most))
    assert chat.most_under_way <= 3 and store.spending.spent().total <= 24 + 3 * most


def test_requests_under_way_do_not_stop_what_the_budget_will_do_for_once_they_have_ended(chat, profile, store):
    chat.delay = 0.05
    requests = numbered(20)
    limit = 20 * (10 + len("re: question 10")) + requests[-1].most_input_tokens + 50
    assert send(requests, profile(max_concurrency=16), store, budget(tokens=limit)) == {}
    assert len(chat.asked) == 20 and store.spending.spent().total <= limit


def test_a_budget_of_money(chat, profile, store):
    prices = {"input_price": 1000.0, "output_price": 2000.0}
    with pytest.raises(UserError, match=r"test\.budget\.money: 0\.5: .* USD"):
        send(numbered(50), profile(max_concurrency=1), store, budget(money=0.5, **prices))
    assert 0.3 < budget(**prices).prices.cost(*store.spending.spent()) <= 0.5


def test_a_budget_counts_what_earlier_runs_may_have_cost(chat, profile, tmp_path):
    requests = ask("a", "b")
    with ReplyStore(tmp_path) as store:
        store.begin(requests[0], budget())
    with ReplyStore(tmp_path) as store, pytest.raises(UserError, match="budget"):
        send(requests, profile(), store, budget(tokens=requests[0].most_input_tokens + 60))
    assert chat.asked == []


def test_the_key_is_in_no_message_and_no_file(chat, profile, tmp_path, monkeypatch):
    key = "sk-secret-0123456789"
    monkeypatch.setenv("TEST_KEY", key)
    chat.answer = lambda body: completion(f"your key is {key}")
    chat.script = [Step(), error(400, f"bad key {key}"), error(401, f"Incorrect API key provided: {key}")]
    with ReplyStore(tmp_path) as store, pytest.raises(UserError) as raised:
        send(numbered(9), profile(api_key_variable="TEST_KEY", max_concurrency=1), store, budget())
    assert key not in str(raised.value)
    files = [path for path in tmp_path.rglob("*") if path.is_file()]
    assert files and not [path for path in files if key.encode() in path.read_bytes()]


@pytest.mark.parametrize("step", [error(401), error(402), error(403), error(429, "no", "insufficient_quota")])
def test_what_all_would_meet_stops_later_too(chat, profile, store, step):
    chat.script = [Step(), Step(), step]
    with pytest.raises(UserError, match="status 4"):
        send(numbered(20), profile(max_concurrency=1), store, budget())
    assert len(chat.asked) == 3


def test_a_stop_takes_what_is_on_its_way(chat, profile, store):
    requests = numbered(8)
    chat.script = [Step(), Step(delay=0.3), Step(delay=0.3), error(401)]
    with pytest.raises(UserError):
        send(requests, profile(max_concurrency=3), store, budget())
    assert sum(text is not None for text in texts(store, requests)) == 3 and store.spending.unknown().attempts == 0


@pytest.mark.timeout(120)
def test_pauses_end_with_a_stop(chat, profile, store):
    """Workers that wait for their next attempt do not keep a run that has been stopped."""
    chat.script = [Step(), error(429, Retry_After="500"), Step(status=401, body=b"{}", delay=0.2)]
    with pytest.raises(UserError, match="401"):
        send(numbered(3), profile(max_concurrency=2), store, budget())
