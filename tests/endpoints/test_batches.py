"""Batches: sent once, whatever breaks off; results in part, late, for others, or none."""

import json
import sqlite3

import pytest

from batch_server import json_lines, serve_batches
from belle.endpoints.batches import fetch as fetching
from belle.endpoints.batches import files as batch_files
from belle.endpoints.batches import submit as submitting
from belle.endpoints.batches.client import BatchClient
from belle.endpoints.batches.fetch import fetch
from belle.endpoints.batches.files import export, request_line
from belle.endpoints.batches.results_file import fetch_file
from belle.endpoints.batches.submit import submit
from belle.endpoints.budget import Tokens
from belle.endpoints.database import FILE
from belle.endpoints.send import send
from belle.endpoints.store import ReplyStore
from belle.errors import UserError
from chat_server import completion
from endpoints.conftest import ask, budget, endpoint, numbered


@pytest.fixture
def server(monkeypatch):
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    with serve_batches() as running:
        yield running


def profile(server, **changes):
    return endpoint(base_url=server.address, **changes)


def replied(request, text="好"):
    body = json.loads(completion(text))
    return {"id": "b", "custom_id": request.key, "response": {"status_code": 200, "body": body}, "error": None}


def failed(request, status=400, message="too long"):
    return replied(request) | {"response": {"status_code": status, "body": {"error": {"message": message}}}}


def expired(request):
    return {"custom_id": request.key, "response": None, "error": {"code": "batch_expired", "message": "out of time"}}


def texts(store, requests):
    return [(reply := store.reply(request.key)) and reply.text for request in requests]


def test_a_batch_brings_the_replies_that_one_by_one_would_be_asked_for(server, store, chat):
    requests = numbered(3)
    submit(requests, profile(server), store, budget())
    assert [line["custom_id"] for line in server.lines()] == [request.key for request in requests]
    first = server.lines()[0]
    assert (first["method"], first["url"], first["body"]) == ("POST", "/v1/chat/completions", requests[0].body)
    server.end("completed", [replied(one, f"答{number}") for number, one in enumerate(reversed(requests))])
    fetch(store, lambda name: profile(server))
    assert texts(store, requests) == ["答2", "答1", "答0"] and store.spending.spent() == Tokens(30, 6)
    assert send(requests, endpoint(base_url=chat.address), store, budget()) == {} and chat.asked == []


def test_what_is_in_a_batch_is_not_sent_in_another_way_and_counts_in_the_budget(server, store, chat):
    requests = numbered(3)
    submit(requests[:2], profile(server), store, budget())
    submit(requests[:2], profile(server), store, budget())
    assert len(server.batches) == 1
    most = sum(request.most_input_tokens + 50 for request in requests[:2])
    store.want(requests)
    assert store.spending.spent().total == most and store.spending.unknown().attempts == 0
    with pytest.raises(UserError, match="belle judge fetch"):
        send(requests, endpoint(base_url=chat.address), store, budget())
    assert chat.asked == []


def test_a_batch_that_goes_on_is_looked_at_and_left(server, store, capsys):
    submit(numbered(3), profile(server), store, budget())
    fetch(store, lambda name: profile(server))
    assert "in_progress, 0 of 3 requests" in capsys.readouterr().out
    server.end("completed", [replied(one) for one in numbered(3)])
    fetch(store, lambda name: profile(server))
    assert texts(store, numbered(3)) == ["好"] * 3


@pytest.mark.parametrize("status", ["expired", "cancelled", "failed"])
def test_of_a_batch_that_ended_early_what_is_there_counts_and_the_rest_may_be_sent(server, store, chat, capsys, status):
    requests = numbered(4)
    submit(requests, profile(server), store, budget())
    server.end(status, [replied(requests[0])], [expired(requests[1]), failed(requests[2])])
    fetch(store, lambda name: profile(server))
    out = capsys.readouterr()
    assert "1 reply; 1 without: out of time; 1 without: status 400: too long" in out.out
    assert "1 request without a result" in out.err
    assert store.spending.spent() == Tokens(10, 1) and store.spending.unknown().attempts == 0
    assert send(requests, endpoint(base_url=chat.address), store, budget()) == {} and len(chat.asked) == 3


def test_a_result_that_a_completed_batch_does_not_have_may_be_billed(server, store):
    requests = numbered(2)
    submit(requests, profile(server), store, budget())
    server.end("completed", [replied(requests[0])])
    fetch(store, lambda name: profile(server))
    assert store.spending.unknown().attempts == 1 and store.spending.spent().output == 1 + 50


def test_a_malformed_reply_counts_as_the_most_it_may_have_cost(server, store, capsys):
    (request,) = ask("a")
    submit([request], profile(server), store, budget())
    server.end("completed", [replied(request) | {"response": {"status_code": 200, "body": {"choices": []}}}])
    fetch(store, lambda name: profile(server))
    assert "1 without: its answer is no completion" in capsys.readouterr().out
    assert store.spending.spent() == Tokens(request.most_input_tokens, 50)


def test_a_batch_whose_id_never_arrived_is_found_by_its_name(server, store):
    """As when the process is killed between sending and recording."""
    server.cut.add("POST /v1/batches")
    with pytest.raises(UserError, match="whether the batch was made is not known"):
        submit(numbered(3), profile(server), store, budget())
    server.cut.clear()
    submit(numbered(3), profile(server), store, budget())
    assert len(server.batches) == 1
    server.end("completed", [replied(one) for one in numbered(3)])
    fetch(store, lambda name: profile(server))
    assert texts(store, numbered(3)) == ["好"] * 3


def test_the_minutes_of_an_upload_are_none_in_which_a_batch_could_appear(server, store, capsys, monkeypatch):
    """A batch that was made after a long upload, and is not listed yet, is not sent again."""
    server.cut.add("POST /v1/batches")
    upload = BatchClient.upload

    async def slow(client, lines):
        with store.transaction() as database:
            database.execute("UPDATE batches SET made = datetime('now', '-1 hour')")
        return await upload(client, lines)

    monkeypatch.setattr(BatchClient, "upload", slow)
    with pytest.raises(UserError, match="whether the batch was made is not known"):
        submit(numbered(3), profile(server), store, budget())
    server.batches.clear()
    fetch(store, lambda name: profile(server))
    assert "a moment ago" in capsys.readouterr().out


def test_a_process_killed_before_the_batch_was_made_leaves_requests_that_can_be_sent(
    server, tmp_path, monkeypatch, capsys
):
    requests = numbered(3)
    with ReplyStore(tmp_path) as killed:
        killed.want(requests)
        for request in requests:
            killed.claim(request)
        submitting.record(killed, requests, budget())
        with ReplyStore(tmp_path) as store:
            fetch(store, lambda name: profile(server))
            assert "no batch is on its way" in capsys.readouterr().err
    with ReplyStore(tmp_path) as store:
        fetch(store, lambda name: profile(server))
        assert "a moment ago" in capsys.readouterr().out
        monkeypatch.setattr(fetching, "MINUTES_TO_APPEAR", 0.0)
        fetch(store, lambda name: profile(server))
        assert "3 requests never reached" in capsys.readouterr().out
        submit(requests, profile(server), store, budget())
    assert len(server.batches) == 1


@pytest.mark.parametrize(
    ("at", "status", "words"),
    [
        ("POST /v1/files", 404, "belle judge export"),
        ("POST /v1/files", 401, "refuses the API key"),
        ("POST /v1/batches", 400, "no such window"),
    ],
)
def test_a_refused_batch_leaves_requests_that_can_be_sent(server, store, monkeypatch, at, status, words):
    monkeypatch.setenv("TEST_KEY", "sk-12345")
    server.refusals[at] = (status, "no such window")
    with pytest.raises(UserError, match=words):
        submit(numbered(2), profile(server, api_key_variable="TEST_KEY"), store, budget())
    assert store.spending.spent() == Tokens(0, 0) and store.spending.unknown().attempts == 0
    server.refusals.clear()
    submit(numbered(2), profile(server, api_key_variable="TEST_KEY"), store, budget())
    assert len(server.batches) == 1 and server.keys == {"Bearer sk-12345"}


def test_a_budget_that_is_too_small_sends_nothing(server, store):
    requests = numbered(3)
    most = requests[0].most_input_tokens + 50
    with pytest.raises(UserError, match=r"test\.budget\.tokens: .*nothing was sent"):
        submit(requests, profile(server), store, budget(tokens=2 * most))
    assert store.spending.spent() == Tokens(0, 0) and server.files == {}


def test_a_budget_that_ends_after_the_first_batch_says_what_was_sent(server, store, monkeypatch):
    monkeypatch.setattr(batch_files, "MOST_REQUESTS", 2)
    requests = numbered(3)
    most = requests[0].most_input_tokens + 50
    with pytest.raises(UserError, match=r"test\.budget\.tokens: .*; 1 of 2 batches sent"):
        submit(requests, profile(server), store, budget(tokens=2 * most))
    assert len(server.batches) == 1 and len(server.lines()) == 2


def test_a_result_that_broke_off_is_none(server, store, capsys):
    (request,) = ask("a")
    submit([request], profile(server), store, budget())
    body = json.loads(completion("得分：", finish_reason="error"))
    server.end("completed", [replied(request) | {"response": {"status_code": 200, "body": body}}])
    fetch(store, lambda name: profile(server))
    assert "0 replies; 1 without: its answer is no completion (finish_reason: error)" in capsys.readouterr().out
    assert not store.has_reply(request.key)


def test_what_can_be_answered_from_the_store_is_in_no_batch(server, store, chat):
    requests = numbered(3)
    send(requests[:1], endpoint(base_url=chat.address), store, budget())
    submit(requests, profile(server), store, budget())
    assert [line["custom_id"] for line in server.lines()] == [request.key for request in requests[1:]]


def test_files_hold_one_model_each_and_no_more_than_is_allowed(tmp_path, monkeypatch):
    monkeypatch.setattr(batch_files, "MOST_REQUESTS", 2)
    requests = [*numbered(3), *ask("a", model="n"), *ask("a", endpoint="second")]
    paths = export(requests, tmp_path / "out")
    assert [path.name for path in paths] == [f"00{n}-{end}.jsonl" for n, end in enumerate(
        ["test", "test", "test", "second"], start=1)]  # fmt: skip
    assert [len(path.read_bytes().splitlines()) for path in paths] == [2, 1, 1, 1]
    monkeypatch.setattr(batch_files, "MOST_BYTES", 1)
    assert len(export(requests, tmp_path / "small")) == 5
    with pytest.raises(UserError, match="name a new folder"):
        export(requests, tmp_path / "out")


def test_a_file_of_results_from_a_machine_without_a_network(store, tmp_path, capsys):
    requests, path = numbered(4), tmp_path / "results.jsonl"
    rows = [replied(requests[1]), replied(ask("other")[0]), failed(requests[2]), replied(requests[0])]
    path.write_bytes(json_lines(rows) + b"\n{cut")
    fetch_file(path, requests, store)
    assert texts(store, requests) == ["好", "好", None, None]
    out = capsys.readouterr().out
    assert "2 replies; 1 without: it answers another request; " in out and "no result of a batch" in out
    assert store.spending.averages(requests[0]) is not None


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (None, "cannot be read"),
        (b"", "name the file of results"),
        (b"\x00\x01", "name the file of results"),
        (request_line(numbered(1)[0]), "1 without: the line is no result of a batch; name the file of results"),
        (json_lines([replied(ask("other")[0])]), "have changed since the export"),
    ],
)
def test_a_file_that_answers_nothing_is_refused(store, tmp_path, content, words):
    path = tmp_path / "results.jsonl"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(UserError, match=rf"results\.jsonl: .*{words}"):
        fetch_file(path, numbered(2), store)


def test_the_key_is_in_no_file_and_no_message(server, tmp_path, monkeypatch, capsys):
    key = "sk-secret-0123456789"
    monkeypatch.setenv("TEST_KEY", key)
    requests = numbered(2)
    with_key = profile(server, api_key_variable="TEST_KEY")
    with ReplyStore(tmp_path / "store") as store:
        submit(requests, with_key, store, budget())
        server.end("completed", [replied(requests[0], key)], [failed(requests[1], 401, f"bad key {key}")])
        fetch(store, lambda name: with_key)
        export(requests, tmp_path / "files")
        server.refusals["POST /v1/files"] = (400, f"bad key {key}")
        with pytest.raises(UserError) as raised:
            submit(ask("more"), with_key, store, budget())
    shown = capsys.readouterr()
    assert key not in shown.out + shown.err + str(raised.value) and "***" in shown.out
    files = [path for path in tmp_path.rglob("*") if path.is_file()]
    assert files and not [path for path in files if key.encode() in path.read_bytes()]


def test_attempts_are_recorded_before_a_batch_is_sent(server, tmp_path):
    with ReplyStore(tmp_path) as store:
        server.refusals["POST /v1/files"] = (500, "down")
        seen = []
        upload = submitting.BatchClient.upload

        async def look(self, lines):
            with sqlite3.connect(tmp_path / FILE) as database:
                seen.extend(database.execute("SELECT outcome, COUNT(*) FROM attempts GROUP BY 1").fetchall())
            return await upload(self, lines)

        with pytest.MonkeyPatch.context() as patch, pytest.raises(UserError, match="500"):
            patch.setattr(submitting.BatchClient, "upload", look)
            submit(numbered(3), profile(server), store, budget())
    assert seen == [("batched", 3)]
