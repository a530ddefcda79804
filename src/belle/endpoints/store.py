"""Every reply that was paid for, in an SQLite file below the repository: no request is sent twice once it has a reply.

DVC deletes the outputs of a stage before it runs, and a queued experiment runs in a temporary copy of the repository;
so the file lies in the repository itself, ignored by Git. An attempt is recorded before it is sent and again when its
answer is here, each in a transaction of its own: what a killed process has received is never asked for again, and what
it had under way is known, as an attempt without an outcome, which may have been billed.
"""

from collections.abc import Iterable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from sqlite3 import Connection
from typing import Literal, Self

from belle.endpoints.budget import Budget, Tokens
from belle.endpoints.database import Database
from belle.endpoints.owner import Owner
from belle.endpoints.reply import Reply, parse_reply
from belle.endpoints.request import Request
from belle.endpoints.spending import Spending
from belle.repository import repository_root

FOLDER = Path(".replies")
"""Where the file lies, below the root of the repository."""
Outcome = Literal["answered", "malformed", "refused", "unknown", "batched"]
"""A reply; an answer that is none; an error of the server, which is not billed; no answer, which may be billed; none
yet, since it is part of a batch (batches/records.py)."""


NotMine = Literal["answered", "batched", "taken"]
"""Why a process shall not ask for a request: it has a reply, a batch may bring one, another process asks for it."""


class BudgetExceeded(Exception):
    """The next request could cost more than the budget allows; the message names the limit."""


@dataclass(frozen=True)
class Attempt:
    """One sending of a request, recorded before it is sent."""

    key: str
    number: int


class ReplyStore:
    """Replies by the keys of their requests. Several processes may use the same file.

    Attributes:
        owner: this process, for the others.
        spending: what the wanted requests have taken.
    """

    def __init__(self, folder: Path | None = None) -> None:
        """Open the store of this repository, or one in another folder.

        Raises:
            UserError: the file is no store, or damaged.
        """
        folder = folder or repository_root() / FOLDER
        self.owner = Owner(folder)
        self._database = Database(folder)
        self.spending = Spending(self._database)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._database.close()
        self.owner.close()

    def transaction(self) -> AbstractContextManager[Connection]:
        """Run a block in a transaction: all that it changes, or nothing."""
        return self._database.transaction()

    def want(self, requests: Iterable[Request]) -> None:
        """Name the requests of an experiment: what they cost so far counts in its budget."""
        self.spending.want(request.key for request in requests)

    def reply(self, key: str) -> Reply | None:
        """Return the reply to a request, None when there is none yet."""
        query = "SELECT body FROM attempts WHERE key = ? AND outcome = 'answered' ORDER BY number LIMIT 1"
        row = self._database.row(query, (key,))
        return parse_reply(row[0]) if row else None

    def has_reply(self, key: str) -> bool:
        """Return whether there is a reply to a request."""
        return self._database.row("SELECT 1 FROM attempts WHERE key = ? AND outcome = 'answered'", (key,)) is not None

    def has_heard_from(self, like: Request) -> bool:
        """Return whether the model of a request has ever answered this repository, not only a colleague's."""
        query = (
            "SELECT 1 FROM requests JOIN attempts USING (key) "
            "WHERE endpoint = ? AND model = ? AND outcome = 'answered' AND number > 0 LIMIT 1"
        )
        return self._database.row(query, (like.endpoint, like.model)) is not None

    def state(self, key: str) -> Literal["answered", "batched"] | None:
        """Return whether a request has a reply, or is in a batch that may bring one; None when neither is so."""
        query = "SELECT outcome FROM attempts WHERE key = ? AND outcome IN ('answered', 'batched') ORDER BY outcome"
        row = self._database.row(query, (key,))
        return row[0] if row else None

    def claim(self, request: Request) -> NotMine | None:
        """Keep other processes from asking for a request, until it has a reply or is released, or this process ends.

        Returns:
            Why this process shall not ask for it, None when it shall.
        """
        with self.transaction() as connection:
            return self._claim(connection, request)

    def _claim(self, connection: Connection, request: Request) -> NotMine | None:
        if found := self.state(request.key):
            return found
        (owner,) = self._database.row("SELECT owner FROM requests WHERE key = ?", (request.key,)) or (None,)
        if self.owner.is_another(owner):
            return "taken"
        if owner != self.owner.name:
            connection.execute(
                "INSERT INTO requests VALUES (?, ?, ?, ?, ?) ON CONFLICT DO UPDATE SET owner = excluded.owner",
                (request.key, request.endpoint, request.model, request.canonical, self.owner.name),
            )
        return None

    def begin(self, request: Request, budget: Budget) -> Attempt | NotMine:
        """Claim a request and record that it is about to be sent.

        Returns:
            The attempt, or why this process shall not ask for it.

        Raises:
            BudgetExceeded: it could cost more than what is left.
        """
        with self.transaction() as connection:
            return self._claim(connection, request) or self.begin_within(connection, request, budget)

    def begin_within(
        self, connection: Connection, request: Request, budget: Budget, outcome: Outcome | None = None
    ) -> Attempt:
        """Record it of a claimed request, in a transaction that has been begun.

        Args:
            connection: of the transaction.
            request: what is sent.
            budget: what the wanted requests may cost.
            outcome: what is known of the attempt already.

        Raises:
            BudgetExceeded: it could cost more than what is left.
        """
        most = Tokens(request.most_input_tokens, request.max_tokens)
        if reason := budget.exceeded_by(self.spending.spent(), most):
            raise BudgetExceeded(reason)
        query = "SELECT COALESCE(MAX(number), 0) + 1 FROM attempts WHERE key = ?"
        (number,) = self._database.row(query, (request.key,)) or (1,)
        insert = "INSERT INTO attempts (key, number, outcome, input_tokens, output_tokens) VALUES (?, ?, ?, ?, ?)"
        connection.execute(insert, (request.key, number, outcome, *most))
        self.spending.add(most)
        return Attempt(request.key, number)

    def finish(self, attempt: Attempt, outcome: Outcome, status: int | None, body: bytes, used: Tokens | None) -> None:
        """Record what came of an attempt; `used` are its tokens, None when unknown: then it counts as the most."""
        one = (attempt.key, attempt.number)
        query = "SELECT input_tokens, output_tokens FROM attempts WHERE key = ? AND number = ?"
        with self.transaction() as connection:
            before = Tokens(*(self._database.row(query, one) or (0, 0)))
            now = before if used is None else used
            connection.execute(
                "UPDATE attempts SET outcome = ?, status = ?, body = ?, input_tokens = ?, output_tokens = ?, "
                "received = CURRENT_TIMESTAMP WHERE key = ? AND number = ?",
                (outcome, status, body, *now, *one),
            )
            self.spending.add(now - before)

    def reject(self, key: str) -> None:
        """Take the reply to a request for none, so that it is asked for again: the server was set up wrongly."""
        change = "UPDATE attempts SET outcome = 'malformed' WHERE key = ? AND outcome = 'answered'"
        with self.transaction() as connection:
            connection.execute(change, (key,))
            # whoever has got it may run still
            connection.execute("UPDATE requests SET owner = NULL WHERE key = ?", (key,))

    def release(self, key: str) -> None:
        """Let other processes ask for a request that this one gives up."""
        change = "UPDATE requests SET owner = NULL WHERE key = ? AND owner = ?"
        with self.transaction() as connection:
            connection.execute(change, (key, self.owner.name))

    def add(self, key: str, reply: Reply) -> None:
        """Add a reply that somebody else has paid for; one that is here already stays."""
        values = (key, reply.as_body(), reply.input_tokens or 0, reply.output_tokens or 0)
        with self.transaction() as connection:
            connection.execute(
                "INSERT OR IGNORE INTO attempts (key, number, outcome, body, input_tokens, output_tokens) "
                "SELECT ?1, 0, 'answered', ?2, ?3, ?4 "
                "WHERE NOT EXISTS (SELECT 1 FROM attempts WHERE key = ?1 AND outcome = 'answered')",
                values,
            )
