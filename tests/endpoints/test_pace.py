"""How many requests are under way: fewer when the endpoint says so, once per episode, slowly more after that."""

import asyncio
from collections import Counter

import pytest

from belle.endpoints import pace
from belle.endpoints.pace import Concurrency, Pace
from belle.endpoints.send import send
from chat_server import Step, error
from endpoints.conftest import budget, numbered


def test_an_episode_takes_a_fifth_away_once_and_the_next_one_again(monkeypatch):
    concurrency = Concurrency(10)
    for _ in range(10):
        concurrency.put_off()
    assert concurrency.allowed == 8.0
    monkeypatch.setattr(concurrency, "_episode_ends", 0.0)
    concurrency.put_off()
    assert concurrency.allowed == pytest.approx(6.4)


def test_it_never_falls_below_one_and_never_exceeds_the_profile(monkeypatch):
    monkeypatch.setattr(pace, "SECONDS_OF_AN_EPISODE", 0.0)
    concurrency = Concurrency(2)
    for _ in range(20):
        concurrency.put_off()
    assert concurrency.allowed == 1.0
    for _ in range(200):
        concurrency.answered()
    assert concurrency.allowed == 2.0


def test_it_grows_by_one_in_a_few_rounds_of_replies():
    concurrency = Concurrency(100)
    concurrency.put_off()
    for _ in range(80 * pace.ROUNDS_PER_REQUEST):
        concurrency.answered()
    assert concurrency.allowed == pytest.approx(81, abs=0.02)


def test_no_more_are_under_way_than_are_allowed():
    async def most_under_way() -> int:
        concurrency, now, most = Pace(None, 5).concurrency, 0, 0
        concurrency.put_off()

        async def work() -> None:
            nonlocal now, most
            async with concurrency.one():
                now += 1
                most = max(most, now)
                await asyncio.sleep(0.001)
                now -= 1

        await asyncio.gather(*(work() for _ in range(30)))
        return most

    assert asyncio.run(most_under_way()) == 4


def test_each_429_and_each_reply_is_noted(chat, profile, store, monkeypatch):
    noted = Counter()
    monkeypatch.setattr(Concurrency, "put_off", lambda self: noted.update(["put off"]))
    monkeypatch.setattr(Concurrency, "answered", lambda self: noted.update(["answered"]))
    chat.script = [Step(), *[error(429, retry_after_ms="5")] * 3, error(500)]
    send(numbered(6), profile(max_concurrency=2), store, budget())
    assert noted == {"put off": 3, "answered": 6}
