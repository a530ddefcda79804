"""The SQLite file that holds requests, attempts and batches; several processes may use it at once."""

import os
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from belle.errors import UserError
from belle.locks import lock

FILE = "replies.sqlite"
SECONDS_FOR_A_LOCK = 60.0

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
it is known to cost nothing. An imported reply is attempt 0, and has no request. `wanted` is this process's own."""


class Database:
    """The file, opened."""

    def __init__(self, folder: Path) -> None:
        """Open the file in a folder, or make it.

        Raises:
            UserError: the file is no store of replies, or damaged.
        """
        self.path = folder / FILE
        self.rollbacks = 0
        # SQLite does not wait for another process that is switching a new file to its write-ahead log
        alone = lock(folder, wait=True)
        try:
            self._open()
        finally:
            os.close(alone)

    def _open(self) -> None:
        try:
            self._connection = sqlite3.connect(self.path, timeout=SECONDS_FOR_A_LOCK, isolation_level=None)
            self._connection.execute("PRAGMA journal_mode = WAL")
            # a power cut may lose the last replies, a killed process none; waiting for the disk would halve the speed
            self._connection.execute("PRAGMA synchronous = NORMAL")
            self._connection.executescript(TABLES)
        except sqlite3.Error as error:
            raise self._named(error) from None

    def close(self) -> None:
        """Close the file."""
        self._connection.close()

    def row(self, query: str, values: tuple[Any, ...] = ()) -> tuple[Any, ...] | None:
        """Return the first row that a query finds, None when there is none."""
        try:
            found: tuple[Any, ...] | None = self._connection.execute(query, values).fetchone()
        except sqlite3.Error as error:
            raise self._named(error) from None
        return found

    @contextmanager
    def transaction(self) -> Iterator[sqlite3.Connection]:
        """Run the block in a transaction: all that it changes, or nothing."""
        try:
            # begins as a writer: what it reads cannot be changed by another process before it writes
            self._connection.execute("BEGIN IMMEDIATE")
            yield self._connection
            self._connection.execute("COMMIT")
        except BaseException as error:
            self.rollbacks += 1
            if self._connection.in_transaction:
                self._connection.execute("ROLLBACK")
            if isinstance(error, sqlite3.Error):
                raise self._named(error) from None
            raise

    def _named(self, error: sqlite3.Error) -> UserError:
        return UserError(f"{self.path}: {error}; it holds the replies that were paid for: keep a copy")
