"""One attempt at one chat completion, through the `openai` package.

Its own retries are off: it would send again after a time-out, which may be billed twice, and leave no record of it.
"""

import os
from typing import Self

import aiohttp
import httpx2
import openai

from belle.config.endpoint import EndpointProfile
from belle.endpoints.problems import Passing, Problem, explain
from belle.endpoints.reply import MalformedReply, Reply, parse_reply
from belle.endpoints.request import Request
from belle.errors import UserError

NO_KEY = "none"
"""The library wants a key, a server of one's own does not."""
REDACTED = "***"


class Client:
    """An endpoint. Its key stands in no error, and in no answer that it gives back."""

    def __init__(self, profile: EndpointProfile) -> None:
        """Take the key from the environment.

        Raises:
            UserError: there is none, or it cannot be one.
        """
        self.profile, self._key = profile, _read_key(profile.api_key_variable)
        self._library = openai.AsyncOpenAI(
            api_key=self._key or NO_KEY,
            base_url=profile.base_url,
            max_retries=0,
            timeout=profile.timeout_seconds,
            # a third less processor time per request than httpx2's own connections
            http_client=openai.DefaultAioHttpClient(),
        )

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._library.close()

    async def complete(self, request: Request) -> tuple[Reply, bytes]:
        """Send a request once; return the reply, and the answer's own body.

        Raises:
            Problem: there is no reply.
        """
        try:
            # the answer as it came: the library's own types would take longer to make than the request to send
            answer = await self._library.post(request.path, cast_to=httpx2.Response, body=request.body)
        # what aiohttp says of an answer that is no HTTP reaches us as it is
        except (openai.APIError, aiohttp.ClientError) as error:
            raise self._redacted(explain(error, self.profile)) from None
        content = self._without_key(answer.content)
        try:
            return parse_reply(content), content
        except MalformedReply as error:
            words = f"{self.profile.base_url}: its answer is no chat completion ({error})"
            raise self._redacted(Passing(words, "malformed", answer.status_code, content)) from None

    def _redacted(self, problem: Problem) -> Problem:
        problem.args = (self._without_key(problem.args[0].encode()).decode(),)
        problem.body = self._without_key(problem.body)
        return problem

    def _without_key(self, text: bytes) -> bytes:
        return text.replace(self._key.encode(), REDACTED.encode()) if self._key else text


def _read_key(variable: str | None) -> str:
    if variable is None:
        return ""
    key = os.environ.get(variable, "").strip()
    if not key:
        raise UserError(
            f"the environment variable {variable} holds no API key; `export {variable}=...`, then run again"
        )
    if not key.isascii() or any(character.isspace() for character in key):
        raise UserError(f"the environment variable {variable} holds something else than an API key")
    return key
