"""Connections: how long a request may take, where it goes, and through what."""

import contextlib
import shutil
import socket
import ssl
import subprocess
import threading
import time
from http.server import ThreadingHTTPServer

import pytest

from belle.endpoints.connections import proxy_for
from belle.endpoints.send import send
from belle.errors import UserError
from chat_server import ChatServer, Step, completion, handler_for
from endpoints.conftest import ask, budget, endpoint, numbered


def test_the_time_limit_holds_for_the_whole_request_also_when_bytes_keep_coming(profile, store):
    with socket.create_server(("127.0.0.1", 0)) as listening:

        def answer() -> None:
            connection, _ = listening.accept()
            with contextlib.suppress(OSError):
                connection.recv(10_000)
                connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n")
                while True:
                    connection.sendall(b" ")
                    time.sleep(0.05)

        threading.Thread(target=answer, daemon=True).start()
        there = f"http://127.0.0.1:{listening.getsockname()[1]}/v1"
        slow = profile(timeout_seconds=0.4).model_copy(update={"base_url": there})
        with pytest.MonkeyPatch.context() as patch, pytest.raises(UserError, match=r"no answer within 0\.4 s"):
            patch.setattr("belle.endpoints.retries.ATTEMPTS", 1)
            send(numbered(1), slow, store, budget())
    assert store.spending.unknown().attempts == 1


def test_connections_are_used_again(chat, profile, store):
    chat.delay = 0.01
    send(numbered(40), profile(max_concurrency=4), store, budget())
    assert len(chat.asked) == 40 and len(chat.ports) <= 5


@pytest.mark.parametrize("status", [301, 302, 307, 308])
def test_a_redirect_is_not_followed_and_stops(chat, profile, store, status):
    """It would carry the key to another address, and a POST would become a GET."""
    chat.script = [Step(status, b"", {"Location": f"{chat.address}/elsewhere"})]
    with pytest.raises(UserError, match=r"it points to http.*elsewhere; correct base_url"):
        send(numbered(3), profile(), store, budget())
    assert len(chat.asked) == 1


def test_the_proxy_of_the_environment_is_used(chat, store, monkeypatch):
    monkeypatch.delenv("NO_PROXY")
    monkeypatch.setenv("HTTP_PROXY", chat.address.removesuffix("/v1"))
    send(numbered(2), endpoint(base_url="http://model.invalid/v1"), store, budget())
    assert len(chat.asked) == 2


@pytest.mark.parametrize(
    ("variables", "proxy"),
    [
        ({}, None),
        ({"HTTPS_PROXY": "http://proxy:1", "HTTP_PROXY": "http://other:1"}, "http://proxy:1"),
        ({"HTTP_PROXY": "http://other:1"}, None),
        ({"ALL_PROXY": "proxy:1"}, "http://proxy:1"),
        ({"ALL_PROXY": "socks5://proxy:1", "HTTPS_PROXY": "http://proxy:1"}, "http://proxy:1"),
        ({"ALL_PROXY": "socks5://proxy:1", "NO_PROXY": "api.example.com"}, None),
        ({"HTTPS_PROXY": "http://proxy:1", "NO_PROXY": "example.com"}, None),
    ],
)
def test_which_proxy(monkeypatch, variables, proxy):
    for name in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "NO_PROXY"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.lower(), raising=False)
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    assert proxy_for("https://api.example.com/v1") == proxy


def test_a_proxy_that_is_not_one_of_http_is_refused(store, monkeypatch):
    monkeypatch.delenv("NO_PROXY", raising=False)
    monkeypatch.setenv("ALL_PROXY", "socks5://127.0.0.1:1080")
    with pytest.raises(UserError, match=r"a proxy of socks5 for http://model\.invalid/v1; set HTTP_PROXY"):
        send(numbered(1), endpoint(base_url="http://model.invalid/v1"), store, budget())


@pytest.mark.skipif(not shutil.which("openssl"), reason="openssl makes the certificate")
def test_a_certificate_of_ones_own_is_named_by_the_environment(tmp_path, store, monkeypatch):
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    monkeypatch.setattr("belle.endpoints.retries.ATTEMPTS", 1)
    key, certificate = tmp_path / "key.pem", tmp_path / "certificate.pem"
    names = ["-subj", "/CN=127.0.0.1", "-addext", "subjectAltName=IP:127.0.0.1"]
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-keyout", key, "-out", certificate, *names],
        check=True, capture_output=True,
    )  # fmt: skip
    chat, context = ChatServer(), ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    with ThreadingHTTPServer(("127.0.0.1", 0), handler_for(chat)) as server:
        server.socket = context.wrap_socket(server.socket, server_side=True)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        there = endpoint(base_url=f"https://127.0.0.1:{server.server_port}/v1")
        with pytest.raises(UserError, match=r"cannot be reached \(.*certificate"):
            send(numbered(1), there, store, budget())
        monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
        assert send(numbered(1), there, store, budget()) == {}
        server.shutdown()
    assert len(chat.asked) == 1


@pytest.mark.parametrize("reason", ["error", "abort", "insufficient_system_resource", "network_error"])
def test_a_reply_that_the_server_broke_off_is_asked_for_again(chat, profile, store, reason):
    chat.script = [Step(body=completion("得分：0", finish_reason=reason))]
    requests = ask("a", "b")
    send(requests, profile(), store, budget())
    assert store.reply(requests[0].key).text == "re: a" and store.spending.unknown().attempts == 1


@pytest.mark.parametrize("reason", ["stop", "length", "content_filter", "tool_calls", "eos", None])
def test_any_other_reason_to_end_is_a_reply(chat, profile, store, reason):
    chat.script = [Step(body=completion("得分：1", finish_reason=reason))]
    (request,) = ask("a")
    send([request], profile(), store, budget())
    assert store.reply(request.key).finish_reason == reason and len(chat.asked) == 1


def test_another_name_of_a_filter_is_read_as_the_usual_one(chat, profile, store):
    chat.script = [Step(body=completion("得分：1", finish_reason="sensitive"))]
    (request,) = ask("a")
    send([request], profile(), store, budget())
    assert store.reply(request.key).finish_reason == "content_filter"
