"""Every reply that was paid for, in an SQLite file below the repository: no request is sent twice once it has a reply.

DVC deletes the outputs of a stage before it runs, and a queued experiment runs in a temporary copy of the repository;
so the file lies in the repository itself, ignored by Git. An attempt is recorded before it is sent and again when its
answer is here, each in a transaction of its own: what a killed process has received is never asked for again, and what
it had under way is known, as an attempt without an outcome, which may have been billed.
"""

import os
import sqlite3
import uuid
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, Self

from belle.endpoints.budget import Budget, Tokens
from belle.endpoints.reply import Reply, parse_reply
from belle.endpoints.request import Request
from belle.errors import UserError
from belle.locks import lock
from belle.repository import repository_root

FOLDER = Path(".replies")
"""Where the file lies, below the root of the repository."""
FILE = "replies.sqlite"
SECONDS_FOR_A_LOCK = 60.0
Outcome = Literal["answered", "malformed", "refused", "unknown", "batched"]
"""A reply; an answer that is none; an error of the server, which is not billed; no answer, which may be billed; none
yet, since it is part of a batch (batch_records.py)."""

TABLES = """
CREATE TABLE IF NOT EXISTS requests (
    key TEXT PRIMARY KEY, endpoint TEXT, model TEXT, request TEXT, owner TEXT
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS attempts (
    key TEXT, number INTEGER, outcome TEXT, status INTEGER,
    input_tokens INTEGER NOT NULL, output_tokens INTEGER NOT NULL,
    sent TEXT DEFAULT CURRENT_TIMESTAMP, received TEXT, body BLOB,
    PRIMARY KEY (key, number)
);
CREATE TABLE IF NOT EXISTS batches (
    name TEXT PRIMARY KEY, endpoint TEXT, id TEXT, status TEXT, owner TEXT, made TEXT DEFAULT CURRENT_TIMESTAMP
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS batched (batch TEXT, key TEXT, number INTEGER, PRIMARY KEY (batch, key)) WITHOUT ROWID;
CREATE TEMP TABLE wanted (key TEXT PRIMARY KEY) WITHOUT ROWID;
"""
"""`owner` is the process that is asking. Tokens of an attempt are what it may take until its usage is known, and 0 when
it is known to cost nothing. An imported reply is attempt 0, and has no request."""


class BudgetExceeded(Exception):
    """The next request could cost more than the budget allows; the message names the limit."""


@dataclass(frozen=True)
class Attempt:
    """One sending of a request, recorded before it is sent."""

    key: str
    number: int


class ReplyStore:
    """Replies by the keys of their requests. Several processes may use the same file."""

    def __init__(self, folder: Path | None = None) -> None:
        """Open the store of this repository, or one in another folder.

        Raises:
            UserError: the file is no store, or damaged.
        """
        self.folder = folder or repository_root() / FOLDER
        self.path = self.folder / FILE
        (self.folder / "owners").mkdir(parents=True, exist_ok=True)
        self.me = uuid.uuid4().hex
        # held while this process lives, which is how the others see that it does
        self._owner_path(self.me).touch()
        self._handle = lock(self._owner_path(self.me))
        # SQLite does not wait for another process that is switching a new file to its write-ahead log
        alone = lock(self.folder, wait=True)
        try:
            self._open()
        finally:
            os.close(alone)
        self._seen, self._spent = -1, Tokens(0, 0)

    def _open(self) -> None:
        with self._errors_named():
            self._database = sqlite3.connect(self.path, timeout=SECONDS_FOR_A_LOCK, isolation_level=None)
            self._database.execute("PRAGMA journal_mode = WAL")
            # a power cut may lose the last replies, a killed process none; waiting for the disk would halve the speed
            self._database.execute("PRAGMA synchronous = NORMAL")
            self._database.executescript(TABLES)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._database.close()
        os.close(self._handle)
        self._owner_path(self.me).unlink(missing_ok=True)

    def want(self, requests: Iterable[Request]) -> None:
        """Name the requests of an experiment: what they cost so far counts in its budget."""
        with self.transaction():
            self._database.executemany("INSERT OR IGNORE INTO wanted VALUES (?)", ((one.key,) for one in requests))
        self._seen = -1

    def reply(self, key: str) -> Reply | None:
        """Return the reply to a request, None when there is none yet."""
        with self._errors_named():
            query = "SELECT body FROM attempts WHERE key = ? AND outcome = 'answered' ORDER BY number LIMIT 1"
            row = self._database.execute(query, (key,)).fetchone()
        return parse_reply(row[0]) if row else None

    def has_reply(self, key: str) -> bool:
        """Return whether there is a reply to a request."""
        with self._errors_named():
            query = "SELECT 1 FROM attempts WHERE key = ? AND outcome = 'answered'"
            return self._database.execute(query, (key,)).fetchone() is not None

    def state(self, key: str) -> Literal["answered", "batched"] | None:
        """Return whether a request has a reply, or is in a batch that may bring one; None when neither is so."""
        query = "SELECT outcome FROM attempts WHERE key = ? AND outcome IN ('answered', 'batched') ORDER BY outcome"
        with self._errors_named():
            row = self._database.execute(query, (key,)).fetchone()
        return row[0] if row else None

    def claim(self, request: Request) -> Literal["mine", "answered", "batched", "taken"]:
        """Keep other processes from asking for a request, until it has a reply or is released, or this process ends.

        Returns:
            `answered` when it has a reply, `batched` while a batch may bring one, `taken` while another process is
            asking for it.
        """
        with self.transaction():
            if found := self.state(request.key):
                return found
            row = (request.key, request.endpoint, request.model, request.canonical)
            self._database.execute("INSERT OR IGNORE INTO requests VALUES (?, ?, ?, ?, NULL)", row)
            query = "SELECT owner FROM requests WHERE key = ?"
            (owner,) = self._database.execute(query, (request.key,)).fetchone()
            if owner is not None and owner != self.me and self.lives(owner):
                return "taken"
            self._database.execute("UPDATE requests SET owner = ? WHERE key = ?", (self.me, request.key))
        return "mine"

    def begin(self, request: Request, budget: Budget) -> Attempt:
        """Record that a claimed request is about to be sent.

        Raises:
            BudgetExceeded: it could cost more than what is left.
        """
        with self.transaction():
            return self.begin_within(request, budget)

    def begin_within(self, request: Request, budget: Budget, outcome: Outcome | None = None) -> Attempt:
        """Do the same in a transaction that has been begun; `outcome` is what is known of it already."""
        most = Tokens(request.most_input_tokens, request.max_tokens)
        if reason := budget.exceeded_by(self._spent_now(), most):
            raise BudgetExceeded(reason)
        query = "SELECT COALESCE(MAX(number), 0) + 1 FROM attempts WHERE key = ?"
        (number,) = self._database.execute(query, (request.key,)).fetchone()
        insert = "INSERT INTO attempts (key, number, outcome, input_tokens, output_tokens) VALUES (?, ?, ?, ?, ?)"
        self._database.execute(insert, (request.key, number, outcome, *most))
        self._spent += most
        return Attempt(request.key, number)

    def finish(self, attempt: Attempt, outcome: Outcome, status: int | None, body: bytes, used: Tokens | None) -> None:
        """Record what came of an attempt; `used` are its tokens, None when unknown: then it counts as the most."""
        with self.transaction():
            if outcome == "answered":
                self._release(attempt.key)
            where = "WHERE key = ? AND number = ?"
            change = f"UPDATE attempts SET outcome = ?, status = ?, body = ?, received = CURRENT_TIMESTAMP {where}"
            self._database.execute(change, (outcome, status, body, attempt.key, attempt.number))
            if used is not None:
                before = self._database.execute(
                    f"SELECT input_tokens, output_tokens FROM attempts {where}", (attempt.key, attempt.number)
                ).fetchone()
                change = f"UPDATE attempts SET input_tokens = ?, output_tokens = ? {where}"
                self._database.execute(change, (*used, attempt.key, attempt.number))
                self._spent += Tokens(used.input - before[0], used.output - before[1])

    def reject(self, key: str) -> None:
        """Take the reply to a request for none, so that it is asked for again: the server was set up wrongly."""
        with self.transaction():
            change = "UPDATE attempts SET outcome = 'malformed' WHERE key = ? AND outcome = 'answered'"
            self._database.execute(change, (key,))

    def release(self, key: str) -> None:
        """Let other processes ask for a request that this one gives up."""
        with self.transaction():
            self._release(key)

    def _release(self, key: str) -> None:
        self._database.execute("UPDATE requests SET owner = NULL WHERE key = ? AND owner = ?", (key, self.me))

    def add(self, key: str, reply: Reply) -> None:
        """Add a reply that somebody else has paid for; one that is here already stays."""
        with self.transaction():
            self._database.execute(
                "INSERT OR IGNORE INTO attempts (key, number, outcome, body, input_tokens, output_tokens) "
                "SELECT ?1, 0, 'answered', ?2, ?3, ?4 "
                "WHERE NOT EXISTS (SELECT 1 FROM attempts WHERE key = ?1 AND outcome = 'answered')",
                (key, reply.as_body(), reply.input_tokens or 0, reply.output_tokens or 0),
            )

    def spent(self) -> Tokens:
        """Return the tokens of all attempts for the wanted requests, at most, whoever made them."""
        with self.transaction():
            return self._spent_now()

    def averages(self, like: Request) -> tuple[float, float] | None:
        """Return tokens of a prompt per character of its request, and of a reply, over the replies there are.

        Args:
            like: a request; replies to others count when they went to the same model with the same limit of tokens.
        """
        query = (
            "SELECT TOTAL(input_tokens) / SUM(LENGTH(request)), AVG(output_tokens) FROM requests JOIN attempts "
            "USING (key) WHERE endpoint = ? AND model = ? AND outcome = 'answered' AND json_extract(request, ?) = ?"
        )
        values = (like.endpoint, like.model, f"$.body.{like.token_limit}", like.max_tokens)
        with self._errors_named():
            per_character, per_reply = self._database.execute(query, values).fetchone()
        return None if per_reply is None else (per_character, per_reply)

    def unknown(self) -> int:
        """Return how many attempts for the wanted requests brought no reply, and may have been billed."""
        query = (
            "SELECT COUNT(*) FROM wanted JOIN attempts USING (key) "
            "WHERE outcome IS NULL OR outcome IN ('unknown', 'malformed')"
        )
        with self._errors_named():
            return int(self._database.execute(query).fetchone()[0])

    def _spent_now(self) -> Tokens:
        # adding up takes longer the more requests there are; only others' changes make it necessary
        seen = self._database.execute("PRAGMA data_version").fetchone()[0]
        if seen != self._seen:
            query = "SELECT TOTAL(input_tokens), TOTAL(output_tokens) FROM wanted JOIN attempts USING (key)"
            self._seen, self._spent = seen, Tokens(*map(int, self._database.execute(query).fetchone()))
        return self._spent

    def _owner_path(self, owner: str) -> Path:
        return self.folder / "owners" / owner

    def lives(self, owner: str) -> bool:
        """Return whether the process that an owner is still runs."""
        try:
            os.close(lock(self._owner_path(owner)))
        except BlockingIOError:
            return True
        except FileNotFoundError:
            return False
        self._owner_path(owner).unlink(missing_ok=True)
        return False

    @contextmanager
    def transaction(self) -> Iterator[sqlite3.Connection]:
        """Run the block in a transaction: all that it changes, or nothing."""
        with self._errors_named():
            # begins as a writer: what it reads cannot be changed by another process before it writes
            self._database.execute("BEGIN IMMEDIATE")
            try:
                yield self._database
            except BaseException:
                self._seen = -1
                if self._database.in_transaction:
                    self._database.execute("ROLLBACK")
                raise
            self._database.execute("COMMIT")

    @contextmanager
    def _errors_named(self) -> Iterator[None]:
        try:
            yield
        except sqlite3.Error as error:
            raise UserError(f"{self.path}: {error}; it holds the replies that were paid for: keep a copy") from None
