"""A server, a store, and requests to ask it."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from belle.config.base import read_yaml
from belle.config.endpoint import EndpointProfile
from belle.config.prices import prices_of
from belle.endpoints import retries, sender
from belle.endpoints.budget import Budget
from belle.endpoints.request import Request
from belle.endpoints.store import ReplyStore
from chat_server import ChatServer, serve_chat
from factories import ROOT


@pytest.fixture
def chat(monkeypatch: pytest.MonkeyPatch) -> Iterator[ChatServer]:
    """A chat server, reached without a proxy; waits between attempts are short."""
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    monkeypatch.setattr(retries, "BACKOFF_SECONDS", 0.01)
    monkeypatch.setattr(sender, "SECONDS_BETWEEN_LOOKS", 0.02)
    with serve_chat() as server:
        yield server


@pytest.fixture
def profile(chat: ChatServer) -> Callable[..., EndpointProfile]:
    """Make the profile of that server."""

    def make(**changes: object) -> EndpointProfile:
        return endpoint(base_url=chat.address, **changes)

    return make


@pytest.fixture
def store(tmp_path: Path) -> Iterator[ReplyStore]:
    with ReplyStore(tmp_path / "replies") as opened:
        yield opened


def endpoint(**changes: object) -> EndpointProfile:
    """The profile `local`, with changes."""
    return EndpointProfile.model_validate(read_yaml(ROOT / "configs/endpoint/local.yaml") | changes)


def ask(*questions: str, **changes: object) -> list[Request]:
    """One request per question."""
    options: dict = {"endpoint": "test", "model": "m", "max_tokens": 50} | changes
    return [Request(messages=[{"role": "user", "content": question}], **options) for question in questions]


def numbered(count: int) -> list[Request]:
    return ask(*(f"question {number}" for number in range(count)))


def budget(tokens: int | None = None, money: float | None = None, **prices: object) -> Budget:
    return Budget(tokens, money, prices_of(endpoint(**prices)), "test.budget")
