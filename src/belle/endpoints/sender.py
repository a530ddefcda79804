"""Ask for replies: claim a request, send it, record what came of it, and see what that means for the others."""

import sys
from collections import deque

from belle.endpoints.budget import Budget, Tokens
from belle.endpoints.client import Client
from belle.endpoints.pace import Pace
from belle.endpoints.problems import RATE_LIMITED, Fatal, Passing, Problem, Refused
from belle.endpoints.request import Request
from belle.endpoints.retries import Retries
from belle.endpoints.store import Attempt, BudgetExceeded, ReplyStore
from belle.errors import UserError
from belle.progress import Bar
from belle.words import counted

FAILED_IN_A_ROW = 3
"""Requests given up with no reply to any other in between; then the endpoint is taken to be down."""
SECONDS_BETWEEN_LOOKS = 0.2
"""At a request that another process is asking for."""
GO_ON = "what has arrived is kept: run again to go on"


class Sender:
    """What all workers share.

    Attributes:
        failure_stops: whether a request without a reply stops everything: nothing is known of the endpoint yet.
        refusal_stops: whether a refused one does: nothing is known yet of such requests.
        answered: how many replies have arrived.
        refused: why a request was refused, by its key.
        unanswered: why requests were given up.
    """

    def __init__(self, client: Client, pace: Pace, store: ReplyStore, budget: Budget, bar: Bar) -> None:
        self.client, self.pace, self.store, self.budget, self.bar = client, pace, store, budget, bar
        self.failure_stops = self.refusal_stops = False
        self.answered = 0
        self.refused: dict[str, str] = {}
        self.unanswered: list[str] = []
        self._failed_in_a_row = 0
        self._taken: set[str] = set()
        self._waits = False

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
        if request.key in self._taken:
            if not self._waits:
                print(f"waiting for replies that another process is asking for: {len(self._taken)}", file=sys.stderr)
            self._waits = True
            await self.pace.sleep(SECONDS_BETWEEN_LOOKS)
        self._taken.add(request.key)
        return True

    async def _ask(self, request: Request) -> None:
        """Get one reply, in several attempts where necessary."""
        retries, problem = Retries(), await self._attempt(request)
        while isinstance(problem, Passing) and (pause := retries.pause_after(problem)) is not None:
            await self.pace.sleep(pause)
            problem = await self._attempt(request)
        if problem is not None:
            self._note(request, problem)

    def _note(self, request: Request, problem: Problem) -> None:
        """Note that a request has no reply; raise a UserError where the others would get none either."""
        self.store.release(request.key)
        if isinstance(problem, Fatal) or (isinstance(problem, Refused) and self.refusal_stops):
            raise UserError(str(problem)) from None
        if isinstance(problem, Refused):
            self.refused[request.key] = str(problem)
            return
        self.unanswered.append(str(problem))
        self._failed_in_a_row += 1
        if self.failure_stops or problem.is_unreachable or self._failed_in_a_row == FAILED_IN_A_ROW:
            failed = counted(self._failed_in_a_row, "request")
            raise UserError(f"{problem}; {failed} in a row failed; {GO_ON}") from None

    async def _attempt(self, request: Request) -> Problem | None:
        """Send a request once, unless it has a reply by now; return why there is none, None when there is one."""
        async with self.pace.concurrency.one():
            if self.store.has_reply(request.key):
                return None
            begun = await self._begin(request)
            try:
                reply, body = await self.client.complete(request.body)
            except Problem as problem:
                self._record(begun, problem)
                return problem
            # nothing is awaited before it is recorded, so no stop comes in between
            self.store.finish(begun, "answered", 200, body, reply.tokens)
        self.answered += 1
        self._failed_in_a_row = 0
        self.pace.concurrency.answered()
        return None

    def _record(self, begun: Attempt, problem: Problem) -> None:
        """Record an attempt without a reply, and what it means for the others."""
        used = Tokens(0, 0) if problem.outcome == "refused" else None
        self.store.finish(begun, problem.outcome, problem.status, problem.body, used)
        if problem.status == RATE_LIMITED:
            self.pace.concurrency.put_off()
        if problem.wait is not None:
            self.pace.pause(problem.wait)
        if self.failure_stops and problem.outcome == "malformed":
            raise UserError(f"{problem}; no OpenAI-compatible server is there: correct base_url") from None

    async def _begin(self, request: Request) -> Attempt:
        """Wait until a request may be sent, and record that it is."""
        await self.pace.turn()
        try:
            return self.store.begin(request, self.budget)
        except BudgetExceeded as error:
            raise UserError(f"{error}; raise it, or ask for less; {GO_ON}") from None
