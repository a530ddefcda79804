"""Batches in the store: which requests were sent with which one, recorded before it is sent.

Until its results are here each of its requests has an attempt with the outcome `batched`: it counts in the budget as
the most that it can take, and nobody sends it in another way.
"""

import uuid
from collections.abc import Sequence
from typing import NamedTuple

from belle.endpoints.budget import Budget, Tokens
from belle.endpoints.request import Request
from belle.endpoints.store import Attempt, Outcome, ReplyStore


class Batch(NamedTuple):
    """A batch whose results are not here yet.

    Attributes:
        name: what this project calls it; the endpoint keeps it as metadata.
        endpoint: name of the profile.
        id: what the endpoint calls it, None when its answer was never received.
        minutes: since it was recorded, or last asked for.
    """

    name: str
    endpoint: str
    id: str | None
    minutes: float


def record(store: ReplyStore, requests: Sequence[Request], budget: Budget) -> str:
    """Record that claimed requests are about to be sent as a batch; return its name.

    Raises:
        BudgetExceeded: together they could cost more than what is left; then nothing is recorded.
    """
    name = uuid.uuid4().hex
    with store.transaction() as database:
        begun = [store.begin_within(database, request, budget, "batched") for request in requests]
        rows = [(name, attempt.key, attempt.number) for attempt in begun]
        database.executemany("INSERT INTO batched VALUES (?, ?, ?)", rows)
        insert = "INSERT INTO batches (name, endpoint, owner) VALUES (?, ?, ?)"
        database.execute(insert, (name, requests[0].endpoint, store.owner.name))
    return name


def record_id(store: ReplyStore, name: str, identifier: str | None) -> None:
    """Record what the endpoint calls a batch, None when that is not known; from now on any process may fetch it."""
    # the upload before it may have taken minutes, in which the endpoint could not list it yet
    change = "UPDATE batches SET id = ?, owner = NULL, made = CURRENT_TIMESTAMP WHERE name = ?"
    with store.transaction() as database:
        database.execute(change, (identifier, name))


def open_batches(store: ReplyStore) -> list[Batch]:
    """Return the batches whose results are not here, oldest first, without those that a process is sending now."""
    query = (
        "SELECT name, endpoint, id, (julianday('now') - julianday(made)) * 1440, owner FROM batches "
        "WHERE status IS NULL ORDER BY made, name"
    )
    with store.transaction() as database:
        rows = database.execute(query).fetchall()
    return [Batch(*row) for *row, owner in rows if not store.owner.is_another(owner)]


def keys_of(store: ReplyStore, batch: Batch) -> dict[str, int]:
    """Return the requests of a batch that wait for their results: key and number of the attempt."""
    query = "SELECT key, number FROM batched JOIN attempts USING (key, number) WHERE batch = ? AND outcome = 'batched'"
    with store.transaction() as database:
        return dict(database.execute(query, (batch.name,)).fetchall())


def close(store: ReplyStore, batch: Batch, status: str, outcome: Outcome) -> int:
    """Record that a batch has ended; return how many requests were left without a result.

    Args:
        store: where it is recorded.
        batch: the batch.
        status: the endpoint's word for how it ended.
        outcome: of the requests without a result: `refused`, which cost nothing, or `unknown`.
    """
    left = keys_of(store, batch)
    used = Tokens(0, 0) if outcome == "refused" else None
    for key, number in left.items():
        store.finish(Attempt(key, number), outcome, None, b"", used)
    with store.transaction() as database:
        database.execute("UPDATE batches SET status = ? WHERE name = ?", (status, batch.name))
    return len(left)
