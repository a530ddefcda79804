"""The store: what a killed process, two processes at once, and a damaged file leave of it."""

import json
import os
import re
import signal
import sqlite3
import subprocess
import sys
import time
from pathlib import Path
from threading import Thread

import pytest

from belle.endpoints.budget import Tokens
from belle.endpoints.database import FILE
from belle.endpoints.extract import import_replies, write_replies
from belle.endpoints.reply import Reply
from belle.endpoints.store import FOLDER, Attempt, ReplyStore
from belle.errors import UserError
from belle.locks import lock
from chat_server import ChatServer
from endpoints.conftest import ask, budget, numbered

TESTS = Path(__file__).resolve().parents[1]
REPLY = Reply(
    text="好", finish_reason="stop", refusal=None, model="m-1", fingerprint="f", input_tokens=3, output_tokens=1
)


def asking(address: str, folder: Path, count: int, concurrency: int) -> subprocess.Popen:
    command = [sys.executable, str(TESTS / "endpoints/asking.py"), address, str(folder), str(count), str(concurrency)]
    path = os.pathsep.join([str(TESTS), str(TESTS.parent / "src"), os.environ.get("PYTHONPATH", "")])
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
    process = subprocess.Popen(command, env=os.environ | {"PYTHONPATH": path}, text=True, **pipes)
    assert process.stdout.readline() == "ready\n"
    return process


def start(*processes: subprocess.Popen) -> None:
    for process in processes:
        process.stdin.write("\n")
        process.stdin.flush()


def wait_for_twenty(chat: ChatServer, process: subprocess.Popen) -> None:
    """Wait until the server has been asked twenty times, or the process has ended."""
    while len(chat.asked) < 20 and process.poll() is None:
        time.sleep(0.01)


def answered(folder: Path) -> set[str]:
    with ReplyStore(folder) as store:
        return {request.messages[0]["content"] for request in numbered(60) if store.has_reply(request.key)}


@pytest.mark.slow
def test_a_killed_process_loses_no_reply_and_the_next_pays_for_none_again(chat, tmp_path):
    chat.delay = 0.05
    first = asking(chat.address, tmp_path, 60, 4)
    start(first)
    wait_for_twenty(chat, first)
    first.send_signal(signal.SIGKILL)
    first.wait()
    time.sleep(0.1)
    kept, before = answered(tmp_path), len(chat.asked)
    assert 10 < len(kept) < 60
    with ReplyStore(tmp_path) as store:
        store.want(numbered(60))
        under_way = store.spending.unknown().attempts
    assert len(kept) + under_way == before and under_way <= 4
    second = asking(chat.address, tmp_path, 60, 4)
    start(second)
    assert second.wait(60) == 0, second.stderr.read()
    asked_again = {body["messages"][0]["content"] for body in chat.asked[before:]}
    assert not asked_again & kept
    assert len(chat.asked) == 60 + under_way and len(answered(tmp_path)) == 60


@pytest.mark.slow
def test_an_interrupt_says_what_is_kept_and_keeps_it(chat, tmp_path):
    chat.delay = 0.05
    process = asking(chat.address, tmp_path, 60, 2)
    start(process)
    wait_for_twenty(chat, process)
    process.send_signal(signal.SIGINT)
    process.wait(60)
    kept, last = len(answered(tmp_path)), process.stderr.read().splitlines()[-1]
    assert 10 < kept < 60 and process.returncode == 130
    words = "of 60 replies are kept, the next run asks for the rest; nothing half-written was kept"
    said = re.fullmatch(rf"error: interrupted; (\d+) {words}", last)
    # the interrupt may come before the last reply is counted
    assert said and int(said[1]) in (kept, kept - 1)


@pytest.mark.slow
def test_two_processes_at_once_share_the_requests(chat, tmp_path):
    chat.delay = 0.05
    both = [asking(chat.address, tmp_path, 60, 3) for _ in range(2)]
    start(*both)
    assert [process.wait(60) for process in both] == [0, 0], [process.stderr.read() for process in both]
    assert set(chat.counts().values()) == {1} and len(chat.asked) == 60
    assert chat.most_under_way > 3


def test_a_request_that_another_process_asks_for_is_taken_until_that_process_ends(tmp_path):
    request = ask("a")[0]
    with ReplyStore(tmp_path) as store:
        with ReplyStore(tmp_path) as other:
            assert (other.claim(request), store.claim(request), store.claim(ask("b")[0])) == (None, "taken", None)
        assert store.claim(request) is None


def test_a_request_given_up_may_be_asked_by_another_process(tmp_path):
    request = ask("a")[0]
    with ReplyStore(tmp_path) as store, ReplyStore(tmp_path) as other:
        other.claim(request)
        other.finish(other.begin(request, budget()), "refused", 500, b"no", Tokens(0, 0))
        assert store.claim(request) == "taken"
        other.release(request.key)
        assert store.claim(request) is None and store.begin(request, budget()) == Attempt(request.key, 2)


def test_a_reply_that_another_process_has_got_is_not_asked_for(tmp_path):
    request = ask("a")[0]
    with ReplyStore(tmp_path) as store, ReplyStore(tmp_path) as other:
        other.claim(request)
        other.finish(other.begin(request, budget()), "answered", 200, REPLY.as_body(), Tokens(3, 1))
        assert store.claim(request) == "answered"
        assert store.reply(request.key) == REPLY


def test_what_another_process_spends_counts_in_the_budget(tmp_path):
    requests = ask("a", "b", "c")
    most = requests[0].most_input_tokens + 50
    with ReplyStore(tmp_path) as store, ReplyStore(tmp_path) as other:
        for one in (store, other):
            one.want(requests)
        store.begin(requests[0], budget(tokens=2 * most))
        other.begin(requests[1], budget(tokens=2 * most))
        with pytest.raises(Exception, match=rf"\.tokens: {2 * most}: "):
            store.begin(requests[2], budget(tokens=2 * most))


def test_each_attempt_is_recorded_before_it_is_sent_and_with_what_came_back(tmp_path):
    with ReplyStore(tmp_path) as store:
        store.claim(ask("a")[0])
        begun = store.begin(ask("a")[0], budget())
        rows = "SELECT number, outcome, status, body, received IS NULL FROM attempts"
        with sqlite3.connect(tmp_path / FILE) as seen:
            assert seen.execute(rows).fetchall() == [(1, None, None, None, 1)]
            store.finish(begun, "malformed", 200, b"{", None)
            assert seen.execute(rows).fetchall() == [(1, "malformed", 200, b"{", 0)]
            request = json.loads(seen.execute("SELECT request FROM requests").fetchone()[0])
        assert request["body"]["messages"] == [{"role": "user", "content": "a"}]


def test_it_lies_in_the_repository_that_dvc_names(tmp_path, monkeypatch):
    (tmp_path / "copy").mkdir()
    monkeypatch.chdir(tmp_path / "copy")
    monkeypatch.setenv("DVC_ROOT", str(tmp_path))
    with ReplyStore():
        assert (tmp_path / FOLDER / FILE).is_file()
    assert not list((tmp_path / FOLDER / "owners").iterdir())


def test_a_file_that_is_no_store_is_named_and_left_as_it_is(tmp_path):
    (tmp_path / FILE).write_bytes(b"something else, but long enough to be looked at" * 50)
    before = (tmp_path / FILE).read_bytes()
    with pytest.raises(UserError, match=FILE):
        ReplyStore(tmp_path)
    assert (tmp_path / FILE).read_bytes() == before


def test_an_extract_gives_the_same_bytes_from_any_store_and_no_times(tmp_path):
    requests = ask("a", "b", "c")
    with ReplyStore(tmp_path / "mine") as mine, ReplyStore(tmp_path / "theirs") as theirs:
        for request in requests[:2]:
            raw = json.loads(REPLY.as_body()) | {"id": "chatcmpl-17", "created": 1700000000}
            mine.finish(mine.begin(request, budget()), "answered", 200, json.dumps(raw).encode(), Tokens(3, 1))
        write_replies(tmp_path / "mine.jsonl", mine, [request.key for request in reversed(requests)])
        assert import_replies(tmp_path / "mine.jsonl", theirs) == 2
        write_replies(tmp_path / "theirs.jsonl", theirs, [request.key for request in requests])
        theirs.want(requests)
        assert theirs.reply(requests[0].key) == REPLY and theirs.spending.spent() == Tokens(6, 2)
    text = (tmp_path / "mine.jsonl").read_text()
    assert text == (tmp_path / "theirs.jsonl").read_text() and "1700000000" not in text
    lines = [json.loads(line)["id"] for line in text.splitlines()]
    assert lines == sorted(request.key for request in requests[:2])


def test_importing_does_not_replace_a_reply(tmp_path):
    request = ask("a")[0]
    with ReplyStore(tmp_path) as store:
        store.finish(store.begin(request, budget()), "answered", 200, REPLY.as_body(), Tokens(3, 1))
        store.add(request.key, REPLY.model_copy(update={"text": "other"}))
        assert store.reply(request.key) == REPLY


@pytest.mark.parametrize("content", ["", '{"id": "x"}\n'])
def test_an_extract_that_is_empty_or_none(tmp_path, content):
    (tmp_path / "replies.jsonl").write_text(content)
    with ReplyStore(tmp_path) as store:
        if not content:
            assert import_replies(tmp_path / "replies.jsonl", store) == 0
        else:
            with pytest.raises(UserError, match="row 1"):
                import_replies(tmp_path / "replies.jsonl", store)


def test_one_process_at_a_time_opens_a_store(tmp_path):
    """SQLite answers `database is locked` at once while another process makes a new file."""

    def open_and_close() -> None:
        with ReplyStore(tmp_path):
            pass

    handle = lock(tmp_path)
    other = Thread(target=open_and_close)
    other.start()
    other.join(0.3)
    assert other.is_alive() and not (tmp_path / FILE).exists()
    os.close(handle)
    other.join(30)
    assert (tmp_path / FILE).exists()


def test_a_rejected_reply_is_asked_for_again_also_by_another_process(tmp_path):
    (request,) = numbered(1)
    with ReplyStore(tmp_path) as store, ReplyStore(tmp_path) as other:
        other.finish(other.begin(request, budget()), "answered", 200, REPLY.as_body(), Tokens(3, 1))
        store.reject(request.key)
        assert store.begin(request, budget()) == Attempt(request.key, 2)


def test_a_rejected_reply_is_asked_for_again(store):
    (request,) = numbered(1)
    store.add(request.key, REPLY)
    assert store.claim(request) == "answered"
    store.reject(request.key)
    assert store.reply(request.key) is None and store.claim(request) is None
    store.finish(store.begin(request, budget()), "answered", 200, REPLY.as_body(), None)
    assert store.reply(request.key) == REPLY
