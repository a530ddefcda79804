"""When the next request may be sent: evenly spaced, after a pause that the server asked for, and not after a stop."""

import asyncio
import time

from belle.errors import UserError

LONGEST_PAUSE_SECONDS = 600.0


class Pace:
    """What the workers of one endpoint wait for, all together."""

    def __init__(self, requests_per_minute: int | None) -> None:
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
