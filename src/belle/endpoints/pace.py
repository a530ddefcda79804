"""When the next request may be sent: evenly spaced, after a pause that the server asked for, and not after a stop."""

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from belle.errors import UserError

LONGEST_PAUSE_SECONDS = 600.0
FEWER = 0.8
"""Share of the requests under way that is left when the endpoint says that there are too many."""
SECONDS_OF_AN_EPISODE = 15.0
"""From one such answer; those that come within are answers to the same crowd, and take nothing more away."""
ROUNDS_PER_REQUEST = 4
"""As many replies as there are requests under way are a round; after so many rounds one more may be under way."""


class Concurrency:
    """How many requests may be under way: fewer after the endpoint has put one off, slowly more again after that."""

    def __init__(self, most: int) -> None:
        self.most, self.allowed = most, float(most)
        self._under_way = 0
        self._episode_ends = 0.0
        self._changed = asyncio.Condition()

    @asynccontextmanager
    async def one(self) -> AsyncIterator[None]:
        """Wait until one request more may be under way; it is for as long as the block runs."""
        async with self._changed:
            await self._changed.wait_for(lambda: self._under_way < int(self.allowed))
            self._under_way += 1
        try:
            yield
        finally:
            async with self._changed:
                self._under_way -= 1
                self._changed.notify_all()

    def put_off(self) -> None:
        """Note that the endpoint has answered that there are too many requests."""
        if time.monotonic() >= self._episode_ends:
            self._episode_ends = time.monotonic() + SECONDS_OF_AN_EPISODE
            self.allowed = max(1.0, self.allowed * FEWER)

    def answered(self) -> None:
        """Note a reply."""
        self.allowed = min(float(self.most), self.allowed + 1 / (self.allowed * ROUNDS_PER_REQUEST))


class Pace:
    """What the workers of one endpoint wait for, all together."""

    def __init__(self, requests_per_minute: int | None, max_concurrency: int) -> None:
        self.concurrency = Concurrency(max_concurrency)
        self._spacing = 60 / requests_per_minute if requests_per_minute else 0.0
        self._next = self._pause_ends = 0.0
        self._stopped = asyncio.Event()
        self._reason: UserError | None = None

    async def turn(self) -> None:
        """Return when a request may be sent.

        Raises:
            UserError: why none may be sent any more.
        """
        while (wait := max(self._next, self._pause_ends) - time.monotonic()) > 0:
            await self.sleep(wait)
        self.raise_if_stopped()
        self._next = time.monotonic() + self._spacing

    async def sleep(self, seconds: float) -> None:
        """Wait, but no longer than until the stop.

        Raises:
            UserError: the reason of the stop.
        """
        try:
            await asyncio.wait_for(self._stopped.wait(), seconds)
        except TimeoutError:
            return
        self.raise_if_stopped()

    def pause(self, seconds: float) -> None:
        """Have all workers wait so long; stop when that is longer than `LONGEST_PAUSE_SECONDS`."""
        if seconds > LONGEST_PAUSE_SECONDS:
            self.stop(UserError(f"the endpoint asks to wait {seconds:.0f} s; run again then to go on"))
        self._pause_ends = max(self._pause_ends, time.monotonic() + seconds)

    def stop(self, reason: UserError) -> None:
        """Have no request sent from now on; the first reason counts."""
        self._reason = self._reason or reason
        self._stopped.set()

    def raise_if_stopped(self) -> None:
        """Raise the reason of the stop, if there was one."""
        if self._reason:
            raise self._reason
