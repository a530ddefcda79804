"""What one request without a reply means for the others: on a first contact, later, and on another run."""

import asyncio
from collections import deque

import pytest

from belle.endpoints import retries
from belle.endpoints.client import Client
from belle.endpoints.pace import Pace
from belle.endpoints.reply import parse_reply
from belle.endpoints.send import send
from belle.endpoints.sender import Sender
from belle.errors import UserError
from belle.progress import progress
from chat_server import Step, completion, error
from endpoints.conftest import ask, budget


def answers_all_but(*bad):
    """A server whose replies to some questions are malformed."""
    return lambda body: b"?" if body["messages"][0]["content"] in bad else completion("fine")


def answered(store, requests):
    return [store.has_reply(request.key) for request in requests]


@pytest.mark.parametrize("parameters", [{}, {"temperature": 0.5}], ids=["the same kind", "another kind"])
def test_an_endpoint_that_has_answered_is_one(chat, profile, store, parameters):
    """A malformed reply to the first request of a later run is one that passes."""
    send(ask("a"), profile(), store, budget())
    chat.script = [Step(body=b"<html>busy</html>")]
    later = ask("b", "c", parameters=parameters)
    assert send(later, profile(), store, budget()) == {}
    assert answered(store, later) == [True, True]


def test_a_request_that_never_gets_a_reply_is_the_first_of_the_next_run_and_keeps_nothing_back(chat, profile, store):
    chat.answer = answers_all_but("bad")
    send(ask("a"), profile(), store, budget())
    later = ask("bad", "b", "c")
    with pytest.raises(UserError, match="1 of 3 requests brought no reply"):
        send(later, profile(max_concurrency=1), store, budget())
    assert answered(store, later) == [False, True, True]


def test_what_came_from_elsewhere_says_nothing_of_this_address(chat, profile, store):
    """As the replies of a colleague, or those in a file of results."""
    request, other = ask("a", "b")
    store.claim(request)
    store.add(request.key, parse_reply(completion("好")))
    chat.script = [Step(body=b"<html>welcome</html>")]
    with pytest.raises(UserError, match="no OpenAI-compatible server is there"):
        send([request, other], profile(), store, budget())


def test_a_refused_first_request_stops_a_new_kind_of_request_and_no_known_one(chat, profile, store):
    known = ask("a", "b", "c", "d")
    send(known[:1], profile(), store, budget())
    chat.script = [error(400, "unknown key")]
    with pytest.raises(UserError, match="unknown key"):
        send(ask("a", "b", parameters={"top_p": 0.5}), profile(), store, budget())
    assert len(chat.asked) == 2
    chat.script = [error(400, "too long")]
    assert list(send(known, profile(max_concurrency=1), store, budget())) == [known[1].key]
    assert answered(store, known) == [True, False, True, True]


def test_a_refusal_after_the_first_reply_stops_nothing(chat, profile, store):
    requests = ask("a", "b", "c")
    chat.script = [Step(), error(400, "too long")]
    assert list(send(requests, profile(max_concurrency=1), store, budget())) == [requests[1].key]


def test_a_server_that_has_gone_is_asked_no_second_request(chat, profile, store):
    send(ask("a"), profile(), store, budget())
    later = ask("b", "c", "d", "e")
    with pytest.raises(UserError, match=r"cannot be reached \([^;]*; what has arrived is kept"):
        send(later, profile().model_copy(update={"base_url": "http://127.0.0.1:9/v1"}), store, budget())
    with store.transaction() as database:
        assert database.execute("SELECT COUNT(DISTINCT key) FROM attempts WHERE outcome = 'refused'").fetchone() == (1,)


def test_a_reply_in_between_ends_the_row_of_failures(chat, profile, store):
    chat.answer = answers_all_but("bad 1", "bad 2", "bad 3", "bad 4")
    requests = ask("a", "bad 1", "bad 2", "b", "bad 3", "bad 4", "c")
    with pytest.raises(UserError, match="4 of 7 requests brought no reply"):
        send(requests, profile(max_concurrency=1), store, budget())
    assert answered(store, requests) == [True, False, False, True, False, False, True]


def test_a_request_that_is_put_off_for_ever_is_given_up(chat, profile, store, monkeypatch):
    monkeypatch.setattr(retries, "LONGEST_SECONDS", 0.2)
    requests = ask("a", "b")
    chat.script = [Step(), *[error(429, "later", retry_after_ms="20")] * 100]
    with pytest.raises(UserError, match=r"1 of 2 requests brought no reply; .*429"):
        send(requests, profile(max_concurrency=1), store, budget())
    assert 2 < len(chat.asked) < 30


def test_a_cancel_loses_no_reply_that_has_arrived(chat, profile, store, monkeypatch):
    (request,) = ask("a")
    store.want([request])

    async def cancel_after_the_reply() -> None:
        pace = Pace(None, 1)

        async def complete(self, body):
            # so that the next wait never ends
            await pace.concurrency._changed.acquire()
            return parse_reply(completion("好")), completion("好")

        monkeypatch.setattr(Client, "complete", complete)
        with progress("ask") as bar:
            async with Client(profile()) as client:
                task = asyncio.create_task(Sender(client, pace, store, budget(), bar).work(deque([request])))
                await asyncio.wait([task], timeout=0.1)
                task.cancel()
                with pytest.raises(asyncio.CancelledError):
                    await task

    asyncio.run(cancel_after_the_reply())
    assert store.reply(request.key).text == "好"
