"""Send requests as batches: half the price at OpenAI, within a day.

A batch is another way to fill the store: the requests and their keys are those that `send` would send one by one.
"""

import asyncio
import sys
from collections.abc import Sequence

from belle.config.endpoint import EndpointProfile
from belle.endpoints.batches.client import BatchClient
from belle.endpoints.batches.fetch import FETCH
from belle.endpoints.batches.files import files_of, request_line, url_of
from belle.endpoints.batches.records import Batch, close, record, record_id
from belle.endpoints.budget import Budget
from belle.endpoints.estimate import announce
from belle.endpoints.problems import Problem
from belle.endpoints.request import Request
from belle.endpoints.store import BudgetExceeded, ReplyStore
from belle.errors import UserError
from belle.words import counted


def submit(requests: Sequence[Request], profile: EndpointProfile, store: ReplyStore, budget: Budget) -> None:
    """Send the requests of one endpoint that have no reply, and are in no batch yet, as batches.

    Raises:
        UserError: there is no key; the endpoint has no batch API or refuses the batch; the budget would not do.
    """
    store.want(requests)
    different = {request.key: request for request in requests}
    mine = [request for request in different.values() if store.claim(request) is None]
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
        for sent, requests in enumerate(files):
            try:
                name = record(store, requests, budget)
            except BudgetExceeded as error:
                before = f"{sent} of {counted(len(files), 'batch', 'batches')} sent" if sent else "nothing was sent"
                raise UserError(f"{error}; raise it, or ask for less; {before}") from None
            identifier = await _create(client, requests, store, name)
            count = counted(len(requests), "request")
            print(f"{requests[0].endpoint}: batch {identifier}: {count}; {FETCH} brings the replies")


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
