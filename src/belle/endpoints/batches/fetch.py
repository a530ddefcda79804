"""Fetch what came of the batches that have been sent."""

import asyncio
import json
import sys
from collections import Counter
from collections.abc import Callable

from belle.config.endpoint import EndpointProfile
from belle.endpoints.batches.client import BatchClient
from belle.endpoints.batches.files import Result, in_words, read_result
from belle.endpoints.batches.records import Batch, close, keys_of, open_batches, record_id
from belle.endpoints.budget import Tokens
from belle.endpoints.problems import Problem
from belle.endpoints.store import Attempt, Outcome, ReplyStore
from belle.errors import UserError
from belle.words import counted

ENDED = ("completed", "expired", "failed", "cancelled")
MINUTES_TO_APPEAR = 10.0
"""After so long an endpoint that does not list a batch has not made it."""
FETCH = "`belle judge fetch`"


def fetch(store: ReplyStore, profile_of: Callable[[str], EndpointProfile]) -> None:
    """Take the results of all batches that have ended; say of the others how far they are.

    Args:
        store: receives the replies.
        profile_of: returns the profile of an endpoint by its name.

    Raises:
        UserError: there is no key, or the endpoint gives no answer.
    """
    batches = open_batches(store)
    if not batches:
        print("no batch is on its way", file=sys.stderr)
    for batch in batches:
        try:
            asyncio.run(_fetch(batch, profile_of(batch.endpoint), store))
        except Problem as problem:
            raise UserError(str(problem)) from None


async def _fetch(batch: Batch, profile: EndpointProfile, store: ReplyStore) -> None:
    async with BatchClient(profile) as client:
        identifier = batch.id or await client.find(batch.name)
        if identifier is None:
            return _never_made(batch, store)
        record_id(store, batch.name, identifier)
        found = await client.batch(identifier)
        if found.status not in ENDED:
            counts = found.request_counts
            done = f", {counts.completed + counts.failed} of {counted(counts.total, 'request')}" if counts else ""
            print(f"{batch.endpoint}: batch {identifier}: {found.status}{done}; {FETCH} again later")
            return
        intake = _Intake(store, keys_of(store, batch))
        for file in filter(None, (found.output_file_id, found.error_file_id)):
            async for line in client.lines(file):
                intake.take(line)
    # of a batch that ended early nothing is billed that is not among the results
    left = close(store, batch, found.status, "unknown" if found.status == "completed" else "refused")
    reasons = [error.message or "" for error in (found.errors.data or [])] if found.errors else []
    print(f"{batch.endpoint}: batch {identifier}: {found.status}; {in_words(intake.replies, intake.errors)}")
    if left:
        why = f": {'; '.join(reasons)}" if reasons else ""
        print(f"note: {counted(left, 'request')} without a result{why}", file=sys.stderr)


def _never_made(batch: Batch, store: ReplyStore) -> None:
    """Give up a batch that the endpoint does not have, once it must have appeared there."""
    if batch.minutes < MINUTES_TO_APPEAR:
        print(f"{batch.endpoint}: a batch was sent a moment ago, whose id is not known; {FETCH} again in a while")
        return
    left = counted(close(store, batch, "never made", "refused"), "request")
    print(f"{batch.endpoint}: a batch of {left} never reached the endpoint; they may be sent again")


class _Intake:
    """Takes the results of a batch into the store, and counts what they are."""

    def __init__(self, store: ReplyStore, numbers: dict[str, int]) -> None:
        self.store, self.numbers = store, numbers
        self.replies = 0
        self.errors = Counter[str]()

    def take(self, line: bytes) -> None:
        """Take one line; one for a request whose result has been taken is passed over."""
        result = read_result(line)
        if result and (number := self.numbers.pop(result.key, None)) is not None:
            self._finish(Attempt(result.key, number), result)

    def _finish(self, attempt: Attempt, result: Result) -> None:
        body = json.dumps(result.body, ensure_ascii=False).encode()
        if result.reply is None:
            self.errors[str(result.error)] += 1
            outcome: Outcome = "refused" if result.status != 200 else "malformed"
            used = Tokens(0, 0) if outcome == "refused" else None
        else:
            self.replies += 1
            outcome, used = "answered", result.reply.tokens
        self.store.finish(attempt, outcome, result.status, body, used)
