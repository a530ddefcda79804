"""How often a request is sent again, and when."""

import time

from belle.endpoints.problems import RATE_LIMITED, Passing

ATTEMPTS = 6
"""Per request and run; those that the endpoint puts off for its rate limit do not count."""
LONGEST_SECONDS = 900.0
"""Per request and run, over all attempts."""
BACKOFF_SECONDS, LONGEST_BACKOFF_SECONDS = 1.0, 60.0


class Retries:
    """The attempts at one request."""

    def __init__(self) -> None:
        self._begun = time.monotonic()
        self._attempts = self._failures = 0

    def pause_after(self, problem: Passing) -> float | None:
        """Return the seconds before the next attempt, doubled each time; None when there shall be none.

        Where the server has named a pause they are 0: all requests wait for that.
        """
        self._attempts += 1
        self._failures += problem.status != RATE_LIMITED
        if self._failures >= ATTEMPTS or time.monotonic() - self._begun >= LONGEST_SECONDS:
            return None
        if problem.wait is not None:
            return 0.0
        return min(BACKOFF_SECONDS * 2.0 ** (self._attempts - 1), LONGEST_BACKOFF_SECONDS)
