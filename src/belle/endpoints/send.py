"""Send requests to an endpoint until the store has a reply to each of them.

The first request goes alone: a wrong key, an unknown model or a server that speaks another language stops everything
before the others are sent. Then so many workers as the profile allows share the rest.
"""

import asyncio
import sys
from collections import deque
from collections.abc import Callable, Sequence

from tenacity import AsyncRetrying, RetryCallState, retry_if_exception_type, wait_exponential

from belle.config.endpoint import EndpointProfile
from belle.endpoints.budget import Budget, Tokens
from belle.endpoints.client import Client
from belle.endpoints.estimate import announce, announce_likely
from belle.endpoints.pace import Pace
from belle.endpoints.problems import RATE_LIMITED, Fatal, Passing, Problem, Refused
from belle.endpoints.request import Request
from belle.endpoints.store import Attempt, BudgetExceeded, ReplyStore
from belle.errors import UserError
from belle.progress import Bar, progress

ATTEMPTS = 6
"""Per request and run; those that the endpoint puts off for its rate limit do not count."""
LONGEST_SECONDS = 900.0
"""Per request and run, over all attempts."""
BACKOFF_SECONDS, LONGEST_BACKOFF_SECONDS = 1.0, 60.0
FAILED_IN_A_ROW = 3
"""Requests given up with no reply to any other in between; then the endpoint is taken to be down."""
SECONDS_BETWEEN_LOOKS = 0.2
"""At a request that another process is asking for."""
GO_ON = "what has arrived is kept: run again to go on"


def send(requests: Sequence[Request], profile: EndpointProfile, store: ReplyStore, budget: Budget) -> dict[str, str]:
    """Have the store hold a reply to every request; those that it holds are not sent, and need no key.

    Returns:
        Why a request was refused, by its key: it has no reply, and would get none if it were sent again.

    Raises:
        UserError: there is no key; the endpoint answers nobody; the budget would not do for the next request; or some
            requests brought no reply in `ATTEMPTS` attempts. What has arrived by then is in the store.
    """
    store.want(requests)
    different = {one.key: one for one in requests}
    waiting = [request for key, request in different.items() if not store.has_reply(key)]
    if not waiting:
        return {}
    announce(waiting, len(different), store, budget)
    with progress(f"ask {waiting[0].endpoint}", total=len(waiting), unit="requests") as bar:
        return asyncio.run(_send(waiting, len(waiting) == len(different), profile, store, budget, bar))


async def _send(
    waiting: list[Request], is_new: bool, profile: EndpointProfile, store: ReplyStore, budget: Budget, bar: Bar
) -> dict[str, str]:
    async with Client(profile) as client:
        pace = Pace(profile.requests_per_minute, profile.max_concurrency)
        sender = _Sender(client, pace, store, budget, bar)
        sender.is_new = is_new
        rest, is_known = deque(waiting), store.averages(waiting[0]) is not None
        await sender.work(deque([rest.popleft()]))
        sender.is_first = False
        if not is_known:
            announce_likely(rest, store, budget)
        await asyncio.gather(*(sender.work(rest) for _ in range(profile.max_concurrency)))
    sender.pace.raise_if_stopped()
    if sender.unanswered:
        raise UserError(
            f"{len(sender.unanswered)} of {len(waiting)} requests brought no reply; {sender.unanswered[-1]}; {GO_ON}"
        )
    return sender.refused


class _Sender:
    """What all workers share."""

    def __init__(self, client: Client, pace: Pace, store: ReplyStore, budget: Budget, bar: Bar) -> None:
        self.client, self.pace, self.store, self.budget, self.bar = client, pace, store, budget, bar
        self.refused: dict[str, str] = {}
        self.unanswered: list[str] = []
        self.taken: set[str] = set()
        self.waits = False
        self.failed_in_a_row = 0
        self.is_first = True
        self.is_new = True

    async def work(self, requests: deque[Request]) -> None:
        """Ask for one reply after the other. A stop ends it, but not before what is on its way has arrived."""
        while requests:
            request = requests.popleft()
            try:
                if await self._is_taken(request):
                    requests.append(request)
                    continue
                await self._ask(request)
            except UserError as error:
                self.store.release(request.key)
                self.pace.stop(error)
                return
            self.bar.advance()

    async def _is_taken(self, request: Request) -> bool:
        """Return whether another process is asking; the second time, and later, only after a while."""
        self.pace.raise_if_stopped()
        state = self.store.claim(request)
        if state == "batched":
            raise UserError(
                "some of the requests are in a batch; `belle judge fetch` brings the replies; run again then"
            )
        if state != "taken":
            return False
        if request.key in self.taken:
            if not self.waits:
                print(f"waiting for replies that another process is asking for: {len(self.taken)}", file=sys.stderr)
            self.waits = True
            await self.pace.sleep(SECONDS_BETWEEN_LOOKS)
        self.taken.add(request.key)
        return True

    async def _ask(self, request: Request) -> None:
        """Get one reply, in several attempts where necessary."""
        attempts = AsyncRetrying(
            retry=retry_if_exception_type(Passing),
            stop=_give_up(),
            wait=_wait,
            sleep=self.pace.sleep,
            reraise=True,
        )
        try:
            await attempts(self._attempt, request)
        except Problem as problem:
            self._note(request, problem)

    def _note(self, request: Request, problem: Problem) -> None:
        """Note that a request has no reply; raise a UserError where the others would get none either."""
        self.store.release(request.key)
        if isinstance(problem, Fatal) or (isinstance(problem, Refused) and self.is_first and self.is_new):
            raise UserError(str(problem)) from None
        if isinstance(problem, Refused):
            self.refused[request.key] = str(problem)
            return
        self.unanswered.append(str(problem))
        self.failed_in_a_row += 1
        if self.is_first or self.failed_in_a_row == FAILED_IN_A_ROW:
            raise UserError(f"{problem}; {self.failed_in_a_row} requests in a row failed; {GO_ON}") from None

    async def _attempt(self, request: Request) -> None:
        async with self.pace.concurrency.one():
            if self.store.has_reply(request.key):
                return
            begun = await self._begin(request)
            try:
                reply, body = await self.client.complete(request.body)
            except Problem as problem:
                self._finish(begun, problem)
                raise
        self.failed_in_a_row = 0
        self.pace.concurrency.answered()
        self.store.finish(begun, "answered", 200, body, reply.tokens)

    def _finish(self, begun: Attempt, problem: Problem) -> None:
        """Record an attempt without a reply, and what it means for the others."""
        used = Tokens(0, 0) if problem.outcome == "refused" else None
        self.store.finish(begun, problem.outcome, problem.status, problem.body, used)
        if problem.status == RATE_LIMITED:
            self.pace.concurrency.put_off()
        if problem.wait is not None:
            self.pace.pause(problem.wait)
        if self.is_first and problem.outcome == "malformed":
            raise UserError(f"{problem}; no OpenAI-compatible server is there: correct base_url") from None

    async def _begin(self, request: Request) -> Attempt:
        """Wait until a request may be sent, and record that it is."""
        await self.pace.turn()
        try:
            return self.store.begin(request, self.budget)
        except BudgetExceeded as error:
            raise UserError(f"{error}; raise it, or ask for less; {GO_ON}") from None


def _give_up() -> Callable[[RetryCallState], bool]:
    """Return the rule that ends the attempts at one request."""
    failures = 0

    def stop(state: RetryCallState) -> bool:
        nonlocal failures
        problem = state.outcome.exception() if state.outcome else None
        failures += getattr(problem, "status", None) != RATE_LIMITED
        return failures >= ATTEMPTS or (state.seconds_since_start or 0) >= LONGEST_SECONDS

    return stop


def _wait(state: RetryCallState) -> float:
    """Return the seconds before the next attempt: doubled each time, or none where the server has named a pause."""
    problem = state.outcome.exception() if state.outcome else None
    if getattr(problem, "wait", None) is not None:
        return 0.0
    return wait_exponential(multiplier=BACKOFF_SECONDS, max=LONGEST_BACKOFF_SECONDS)(state)
