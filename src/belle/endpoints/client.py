"""One attempt at one completion. Nothing here sends a request twice: what was sent may be billed."""

import json
from typing import Any, Self

import aiohttp

from belle.config.endpoint import EndpointProfile
from belle.endpoints.api_key import ApiKey
from belle.endpoints.connections import open_session
from belle.endpoints.problems import Answer, Passing, explain, explain_answer
from belle.endpoints.reply import BrokenOffReply, MalformedReply, Reply, read_answer
from belle.endpoints.request import path_of
from belle.endpoints.store import Outcome


class Client:
    """An endpoint. Its key stands in no error, and in no answer that it gives back."""

    def __init__(self, profile: EndpointProfile) -> None:
        """Take the key from the environment.

        Raises:
            UserError: there is none, or it cannot be one.
        """
        self.profile, self._key = profile, ApiKey(profile.api_key_variable)
        self._address = profile.base_url.rstrip("/")

    async def __aenter__(self) -> Self:
        self._session = open_session(self.profile, self._key)
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._session.close()

    async def models(self) -> list[str]:
        """Return the names of the models that the server offers.

        Raises:
            Problem: it does not say.
        """
        answer = await self._answer("GET", "/models")
        try:
            return [model["id"] for model in json.loads(answer.content)["data"]]
        except (ValueError, KeyError, TypeError, RecursionError):
            words = f"{self.profile.base_url}: its answer is no list of models"
            raise Passing(words, "malformed", answer.status, answer.content).without(self._key) from None

    async def complete(self, body: dict[str, Any]) -> tuple[Reply, bytes]:
        """Send the body of a request once, of a chat or of a prompt; return the reply, and the answer's own body.

        Raises:
            Problem: there is no reply.
        """
        answer = await self._answer("POST", path_of(body), json.dumps(body, ensure_ascii=False).encode())
        content = self._key.redacted(answer.content)
        try:
            return read_answer(content), content
        except MalformedReply as error:
            words = f"{self.profile.base_url}: its answer is no completion ({error})"
            outcome: Outcome = "unknown" if isinstance(error, BrokenOffReply) else "malformed"
            raise Passing(words, outcome, answer.status, content).without(self._key) from None

    async def _answer(self, method: str, path: str, content: bytes | None = None) -> Answer:
        """Send one request; return an answer that is no error.

        Raises:
            Problem: there is none.
        """
        try:
            async with self._session.request(
                method, self._address + path, data=content, allow_redirects=False
            ) as response:
                answer = Answer(response.status, response.headers, await response.read())
        # a time-out of the whole request is Python's own TimeoutError
        except (aiohttp.ClientError, TimeoutError) as error:
            raise explain(error, self.profile).without(self._key) from None
        if answer.status not in range(200, 300):
            raise explain_answer(answer, self.profile).without(self._key)
        return answer
