"""The API key of an endpoint: it comes from the environment, and stands in nothing that is shown or kept."""

import os

from belle.errors import UserError

NO_KEY = "none"
"""The library wants a key, a server of one's own does not."""
REDACTED = b"***"
SHORTEST = 8
"""Characters of a key; a shorter one would be found, and taken out, in words of the replies."""


class ApiKey:
    """A key, or none where the endpoint wants none."""

    def __init__(self, variable: str | None) -> None:
        """Read an environment variable.

        Raises:
            UserError: it holds no key, or something that cannot be one.
        """
        self._key = _read(variable) if variable else ""

    @property
    def value(self) -> str:
        """What the library is given."""
        return self._key or NO_KEY

    def redacted(self, text: bytes) -> bytes:
        """Return a text without the key."""
        return text.replace(self._key.encode(), REDACTED) if self._key else text


def _read(variable: str) -> str:
    key = os.environ.get(variable, "").strip()
    if not key:
        raise UserError(
            f"the environment variable {variable} holds no API key; `export {variable}=...`, then run again"
        )
    if not key.isascii() or any(character.isspace() for character in key):
        raise UserError(f"the environment variable {variable} holds something else than an API key")
    if len(key) < SHORTEST:
        raise UserError(
            f"the environment variable {variable} holds fewer than {SHORTEST} characters, too few for an API key; "
            "where the server wants none, set api_key_variable to null in the endpoint's profile"
        )
    return key
