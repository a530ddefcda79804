"""Ask for replies: claim a request, send it, record what came of it, and see what that means for the others."""

import sys
from collections import deque

from belle.endpoints.budget import Budget, Tokens
from belle.endpoints.client import Client
from belle.endpoints.pace import Pace
from belle.endpoints.problems import RATE_LIMITED, Fatal, Passing, Problem, Refused
from belle.endpoints.request import Request
from belle.endpoints.retries import Retries
from belle.endpoints.store import Attempt, BudgetExceeded, NotMine, ReplyStore
from belle.errors import UserError
from belle.progress import Bar

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
        self._under_way = 0

    async def work(self, requests: deque[Request]) -> None:
        """Ask for one reply after the other. A stop ends it, but not before what is on its way has arrived."""
        while requests:
            request = requests.popleft()
            try:
                if await self._ask(request) == "taken":
                    requests.append(request)
                    continue
            except UserError as error:
                self.store.release(request.key)
                self.pace.stop(error)
                return
            self.bar.advance()

    async def _ask(self, request: Request) -> NotMine | None:
        """Get one reply, in several attempts where necessary; return why another process gets it, if one does."""
        retries, came = Retries(), await self._attempt(request)
        while isinstance(came, Passing) and (pause := retries.pause_after(came)) is not None:
            await self.pace.sleep(pause)
            came = await self._attempt(request)
        if isinstance(came, Problem):
            self._note(request, came)
            return None
        if came == "taken":
            await self._look_later(request)
        return came

    async def _look_later(self, request: Request) -> None:
        """Leave a request to another process: the first time at once, then after a while."""
        if request.key in self._taken:
            if not self._waits:
                print(f"waiting for replies that another process is asking for: {len(self._taken)}", file=sys.stderr)
            self._waits = True
            await self.pace.sleep(SECONDS_BETWEEN_LOOKS)
        self._taken.add(request.key)

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
            row = f"; {self._failed_in_a_row} requests in a row failed" if self._failed_in_a_row > 1 else ""
            raise UserError(f"{problem}{row}; {GO_ON}") from None

    async def _attempt(self, request: Request) -> Problem | NotMine | None:
        """Send a request once; return what is wrong, or why it was not sent, None when its reply has arrived."""
        async with self.pace.concurrency.one():
            begun = await self._begin(request)
            if not isinstance(begun, Attempt):
                return begun
            self._under_way += 1
            try:
                reply, body = await self.client.complete(request.body)
            except Problem as problem:
                self._record(begun, problem)
                return problem
            finally:
                self._under_way -= 1
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

    async def _begin(self, request: Request) -> Attempt | NotMine:
        """Wait until a request may be sent, and record that it is, unless this process shall not send it."""
        await self.pace.turn()
        while (begun := self._begin_within_budget(request)) is None:
            await self.pace.sleep(SECONDS_BETWEEN_LOOKS)
            await self.pace.turn()
        if begun == "batched":
            raise UserError(
                "some of the requests are in a batch; `belle judge fetch` brings the replies; run again then"
            )
        return begun

    def _begin_within_budget(self, request: Request) -> Attempt | NotMine | None:
        """Return None where the budget may do once the requests under way, which count as their most, have ended."""
        try:
            return self.store.begin(request, self.budget)
        except BudgetExceeded as error:
            if self._under_way:
                return None
            raise UserError(f"{error}; raise it, or ask for less; {GO_ON}") from None
