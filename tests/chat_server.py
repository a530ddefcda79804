"""A completions server on this machine that answers by a function, and before that as its script says."""

import json
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler
from typing import Any

from http_server import running_api

Body = dict[str, Any]


@dataclass
class Step:
    """One answer of the script.

    Attributes:
        status: HTTP status.
        body: sent as it is; None sends a completion.
        headers: sent beside the usual ones.
        delay: seconds before the answer.
        cut: bytes of the answer after which the connection is closed; None sends all.
    """

    status: int = 200
    body: bytes | None = None
    headers: dict[str, str] = field(default_factory=dict)
    delay: float = 0.0
    cut: int | None = None


def error(status: int, message: str = "no", code: str | None = None, **headers: str) -> Step:
    """An error as OpenAI words them."""
    body = json.dumps({"error": {"message": message, "type": None, "code": code}}).encode()
    return Step(status, body, {name.replace("_", "-"): value for name, value in headers.items()})


def completion(text: str, **changes: Any) -> bytes:
    """The body of a chat completion; `changes` are those of its choice."""
    usage = {"prompt_tokens": 10, "completion_tokens": len(text), "total_tokens": 10 + len(text)}
    choice = {"index": 0, "message": {"role": "assistant", "content": text}, "finish_reason": "stop"} | changes
    whole = {"id": "chatcmpl-1", "object": "chat.completion", "created": 1, "model": "scripted-2026-01-01"}
    return json.dumps(whole | {"choices": [choice], "usage": usage}, ensure_ascii=False).encode()


def prompt_completion(text: str, **changes: Any) -> bytes:
    """The body of the completion of a prompt; `changes` are those of the whole."""
    usage = {"prompt_tokens": 10, "completion_tokens": len(text), "total_tokens": 10 + len(text)}
    whole = {"choices": [{"index": 0, "text": text, "finish_reason": "stop"}], "usage": usage, "model": "scripted"}
    return json.dumps(whole | changes, ensure_ascii=False).encode()


def echo(body: Body) -> bytes:
    """Answer with the question."""
    return completion(f"re: {body['messages'][-1]['content']}")


@dataclass
class ChatServer:
    """What the server does, and what it was asked."""

    answer: Callable[[Body], bytes] = echo
    script: list[Step] = field(default_factory=list)
    """Answers to the next requests, whatever they ask; then `answer` and `delay` apply."""
    delay: float = 0.0
    models: list[str] = field(default_factory=list)
    """Names of the models that it lists."""
    address: str = ""
    asked: list[Body] = field(default_factory=list)
    times: list[float] = field(default_factory=list)
    keys: set[str] = field(default_factory=set)
    ports: set[int] = field(default_factory=set)
    """Of the clients' ends of all connections."""
    under_way: int = 0
    most_under_way: int = 0

    def counts(self) -> Counter[str]:
        """How often each last message was asked."""
        return Counter(body["messages"][-1]["content"] for body in self.asked)


def handler_for(server: ChatServer) -> type[BaseHTTPRequestHandler]:
    lock = threading.Lock()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def log_message(self, *args: object) -> None:
            pass

        def do_GET(self) -> None:
            models = {"object": "list", "data": [{"id": name, "object": "model"} for name in server.models]}
            self.reply(Step(), json.dumps(models).encode())

        def do_POST(self) -> None:
            body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            with lock:
                server.asked.append(body)
                server.times.append(time.monotonic())
                server.keys.add(self.headers.get("Authorization", ""))
                server.ports.add(self.client_address[1])
                server.under_way += 1
                server.most_under_way = max(server.most_under_way, server.under_way)
                step = server.script.pop(0) if server.script else Step(delay=server.delay)
            time.sleep(step.delay)
            try:
                self.reply(step, server.answer(body) if step.body is None else step.body)
            except (BrokenPipeError, ConnectionResetError):
                pass
            finally:
                with lock:
                    server.under_way -= 1

        def reply(self, step: Step, content: bytes) -> None:
            self.send_response(step.status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(content)))
            for name, value in step.headers.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(content[: step.cut])
            self.close_connection = step.cut is not None

    return Handler


@contextmanager
def serve_chat() -> Iterator[ChatServer]:
    """Run a server while the block runs."""
    server = ChatServer()
    with running_api(handler_for(server)) as server.address:
        yield server
