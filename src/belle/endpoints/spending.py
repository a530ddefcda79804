"""What the requests of an experiment have taken, whoever sent them; and what like requests took."""

from collections.abc import Iterable
from typing import NamedTuple

from belle.endpoints.budget import Tokens
from belle.endpoints.database import Database
from belle.endpoints.request import Request

UNKNOWN = "(outcome IS NULL OR outcome IN ('unknown', 'malformed'))"
"""Attempts that brought no reply, and may be billed."""


class Unknown(NamedTuple):
    """Attempts that brought no reply and may be billed: how many, and the most that they took."""

    attempts: int
    tokens: Tokens


class Spending:
    """Tokens of the attempts for the wanted requests."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._seen: tuple[int, int] | None = None
        self._spent = Tokens(0, 0)

    def want(self, keys: Iterable[str]) -> None:
        """Name the requests of an experiment: what they cost so far counts in its budget."""
        with self._database.transaction() as connection:
            connection.executemany("INSERT OR IGNORE INTO wanted VALUES (?)", ((key,) for key in keys))
        self._seen = None

    def spent(self) -> Tokens:
        """Return the tokens of all attempts, at most; what a transaction goes by must be asked within it."""
        # adding up takes longer the more requests there are; only others' changes make it necessary
        (version,) = self._database.row("PRAGMA data_version") or (0,)
        seen = (version, self._database.rollbacks)
        if seen != self._seen:
            query = "SELECT TOTAL(input_tokens), TOTAL(output_tokens) FROM wanted JOIN attempts USING (key)"
            self._seen, self._spent = seen, Tokens(*map(int, self._database.row(query) or (0, 0)))
        return self._spent

    def add(self, tokens: Tokens) -> None:
        """Count tokens that this process has just recorded; negative ones for what turned out to be less."""
        self._spent += tokens

    def unknown(self) -> Unknown:
        """Return the attempts that brought no reply, and may be billed."""
        query = (
            "SELECT COUNT(*), TOTAL(input_tokens), TOTAL(output_tokens) FROM wanted JOIN attempts USING (key) "
            f"WHERE {UNKNOWN}"
        )
        attempts, *tokens = map(int, self._database.row(query) or (0, 0, 0))
        return Unknown(attempts, Tokens(*tokens))

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
        per_character, per_reply = self._database.row(query, values) or (None, None)
        return None if per_reply is None else (per_character, per_reply)
