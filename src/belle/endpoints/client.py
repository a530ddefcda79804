"""One attempt at one completion, through the `openai` package.

Its own retries are off: it would send again after a time-out, which may be billed twice, and leave no record of it.
"""

import json
from typing import Any, Self

import aiohttp
import httpx2
import openai

from belle.config.endpoint import EndpointProfile
from belle.endpoints.api_key import ApiKey
from belle.endpoints.problems import Passing, explain, explain_answer
from belle.endpoints.reply import MalformedReply, Reply, parse_reply
from belle.endpoints.request import path_of


class Client:
    """An endpoint. Its key stands in no error, and in no answer that it gives back."""

    def __init__(self, profile: EndpointProfile) -> None:
        """Take the key from the environment.

        Raises:
            UserError: there is none, or it cannot be one.
        """
        self.profile, self._key = profile, ApiKey(profile.api_key_variable)
        self._http = openai.DefaultAioHttpClient(base_url=profile.base_url, timeout=profile.timeout_seconds)
        self._library = openai.AsyncOpenAI(
            api_key=self._key.value, base_url=profile.base_url, max_retries=0, http_client=self._http
        )

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._library.close()

    async def models(self) -> list[str]:
        """Return the names of the models that the server offers.

        Raises:
            Problem: it does not say.
        """
        answer = await self._answer("GET", "/models")
        try:
            return [model["id"] for model in json.loads(answer.content)["data"]]
        except (ValueError, KeyError, TypeError):
            words = f"{self.profile.base_url}: its answer is no list of models"
            raise Passing(words, "malformed", answer.status_code, answer.content).without(self._key) from None

    async def complete(self, body: dict[str, Any]) -> tuple[Reply, bytes]:
        """Send the body of a request once, of a chat or of a prompt; return the reply, and the answer's own body.

        Raises:
            Problem: there is no reply.
        """
        answer = await self._answer("POST", path_of(body), json.dumps(body, ensure_ascii=False).encode())
        content = self._key.redacted(answer.content)
        try:
            return parse_reply(content), content
        except MalformedReply as error:
            words = f"{self.profile.base_url}: its answer is no completion ({error})"
            raise Passing(words, "malformed", answer.status_code, content).without(self._key) from None

    async def _answer(self, method: str, path: str, content: bytes | None = None) -> httpx2.Response:
        """Send one request; return an answer that is no error.

        Raises:
            Problem: there is none.
        """
        headers = {"Authorization": f"Bearer {self._key.value}", "Content-Type": "application/json"}
        try:
            # by the library's connections alone: its own types and options take longer than all the rest
            answer = await self._http.request(method, path, content=content, headers=headers)
        # what aiohttp says of an answer that is no HTTP reaches us as it is
        except (httpx2.HTTPError, aiohttp.ClientError) as error:
            raise explain(error, self.profile).without(self._key) from None
        if not answer.is_success:
            raise explain_answer(answer, self.profile).without(self._key)
        return answer
