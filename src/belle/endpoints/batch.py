"""Send requests as batches, and fetch what came of them: half the price at OpenAI, within a day.

A batch is another way to fill the store: the requests and their keys are those that `send` would send one by one.
"""

import asyncio
import json
import sys
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from belle.config.endpoint import EndpointProfile
from belle.endpoints.batch_client import BatchClient
from belle.endpoints.batch_files import Result, files_of, read_result, request_line, url_of
from belle.endpoints.batch_records import Batch, close, keys_of, open_batches, record, record_id
from belle.endpoints.budget import Budget, Tokens
from belle.endpoints.estimate import announce
from belle.endpoints.problems import Problem
from belle.endpoints.request import Request
from belle.endpoints.store import Attempt, BudgetExceeded, Outcome, ReplyStore
from belle.errors import UserError

ENDED = ("completed", "expired", "failed", "cancelled")
MINUTES_TO_APPEAR = 10.0
"""After so long an endpoint that does not list a batch has not made it."""
FETCH = "`belle judge fetch`"


def submit(requests: Sequence[Request], profile: EndpointProfile, store: ReplyStore, budget: Budget) -> None:
    """Send the requests of one endpoint that have no reply, and are in no batch yet, as batches.

    Raises:
        UserError: there is no key; the endpoint has no batch API or refuses the batch; the budget would not do.
    """
    store.want(requests)
    different = {request.key: request for request in requests}
    mine = [request for request in different.values() if store.claim(request) == "mine"]
    try:
        if mine:
            announce(mine, len(different), store, budget)
            asyncio.run(_submit(files_of(mine), profile, store, budget))
        else:
            print(f"{profile.model}: every request has a reply, or is on its way", file=sys.stderr)
    finally:
        for request in mine:
            store.release(request.key)


async def _submit(files: list[list[Request]], profile: EndpointProfile, store: ReplyStore, budget: Budget) -> None:
    async with BatchClient(profile) as client:
        for requests in files:
            try:
                name = record(store, requests, budget)
            except BudgetExceeded as error:
                raise UserError(f"{error}; raise it, or ask for less; nothing was sent") from None
            identifier = await _create(client, requests, store, name)
            print(f"{requests[0].endpoint}: batch {identifier}: {len(requests)} requests; {FETCH} brings the replies")


async def _create(client: BatchClient, requests: Sequence[Request], store: ReplyStore, name: str) -> str:
    """Upload a file and have a batch made of it; record its id, or that there is none."""
    identifier: str | None = None
    batch = Batch(name, requests[0].endpoint, None, 0.0)
    try:
        file = await client.upload(b"".join(map(request_line, requests)))
    except Problem as problem:
        close(store, batch, "not sent", "refused")
        advice = "; it has no batch API: `belle judge export` writes files for `vllm run-batch`"
        raise UserError(f"{problem}{advice if problem.status in (404, 405, 501) else ''}") from None
    try:
        identifier = await client.create(file, url_of(requests[0]), name)
    except Problem as problem:
        if problem.status is not None and problem.status < 500:
            close(store, batch, "not sent", "refused")
            raise UserError(str(problem)) from None
        raise UserError(f"{problem}; whether the batch was made is not known, {FETCH} finds out") from None
    finally:
        record_id(store, name, identifier)
    return identifier


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
            done = f", {counts.completed + counts.failed} of {counts.total} requests" if counts else ""
            print(f"{batch.endpoint}: batch {identifier}: {found.status}{done}; {FETCH} again later")
            return
        intake = _Intake(store, keys_of(store, batch))
        for file in filter(None, (found.output_file_id, found.error_file_id)):
            async for line in client.lines(file):
                intake.take(line)
    # of a batch that ended early nothing is billed that is not among the results
    left = close(store, batch, found.status, "unknown" if found.status == "completed" else "refused")
    reasons = [error.message or "" for error in (found.errors.data or [])] if found.errors else []
    print(f"{batch.endpoint}: batch {identifier}: {found.status}; {intake.summary()}")
    if left:
        why = f": {'; '.join(reasons)}" if reasons else ""
        print(f"note: {left} requests without a result{why}", file=sys.stderr)


def _never_made(batch: Batch, store: ReplyStore) -> None:
    """Give up a batch that the endpoint does not have, once it must have appeared there."""
    if batch.minutes < MINUTES_TO_APPEAR:
        print(f"{batch.endpoint}: a batch was sent a moment ago, whose id is not known; {FETCH} again in a while")
        return
    left = close(store, batch, "never made", "refused")
    print(f"{batch.endpoint}: a batch of {left} requests never reached the endpoint; they may be sent again")


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

    def summary(self) -> str:
        """Return the counts, for people."""
        return "; ".join([f"{self.replies} replies", *counted(self.errors)])


def fetch_file(path: Path, requests: Sequence[Request], store: ReplyStore) -> None:
    """Take a file of results, as `vllm run-batch` writes it from an exported one.

    Raises:
        UserError: no such file, or it holds no result for any of the requests.
    """
    different, errors = {request.key: request for request in requests}, Counter[str]()
    replies = 0
    for result in _results_in(path):
        request = different.get(result.key if result else "")
        if result is None:
            errors["the line is no result of a batch"] += 1
        elif request is None:
            errors["it answers another request"] += 1
        elif result.reply is None:
            errors[str(result.error)] += 1
        else:
            # known as a request too, so that what it took counts in later estimates
            store.claim(request)
            store.add(request.key, result.reply)
            store.release(request.key)
            replies += 1
    words = "; ".join([f"{replies} replies", *counted(errors)])
    if not replies:
        raise UserError(f"{path}: {words}; these requests were never exported, or params.yaml has changed since")
    print(f"{path}: {words}")


def _results_in(path: Path) -> Iterator[Result | None]:
    try:
        with path.open("rb") as stream:
            yield from (read_result(line) for line in stream if line.strip())
    except OSError as error:
        raise UserError(f"{path}: cannot be read: {error.strerror}") from None


def counted(reasons: Counter[str]) -> list[str]:
    """Return how many results are no replies, by the reason."""
    return [f"{count} without: {reason}" for reason, count in sorted(reasons.items())]
