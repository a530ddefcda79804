"""How often a request is sent again, and when."""

from collections.abc import Callable

from tenacity import RetryCallState, wait_exponential

from belle.endpoints.problems import RATE_LIMITED

ATTEMPTS = 6
"""Per request and run; those that the endpoint puts off for its rate limit do not count."""
LONGEST_SECONDS = 900.0
"""Per request and run, over all attempts."""
BACKOFF_SECONDS, LONGEST_BACKOFF_SECONDS = 1.0, 60.0


def give_up() -> Callable[[RetryCallState], bool]:
    """Return the rule that ends the attempts at one request."""
    failures = 0

    def stop(state: RetryCallState) -> bool:
        nonlocal failures
        problem = state.outcome.exception() if state.outcome else None
        failures += getattr(problem, "status", None) != RATE_LIMITED
        return failures >= ATTEMPTS or (state.seconds_since_start or 0) >= LONGEST_SECONDS

    return stop


def seconds_before_next(state: RetryCallState) -> float:
    """Return the seconds before the next attempt: doubled each time, or none where the server has named a pause."""
    problem = state.outcome.exception() if state.outcome else None
    if getattr(problem, "wait", None) is not None:
        return 0.0
    return wait_exponential(multiplier=BACKOFF_SECONDS, max=LONGEST_BACKOFF_SECONDS)(state)
