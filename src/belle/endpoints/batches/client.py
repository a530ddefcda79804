"""The batch API of an endpoint, as OpenAI's: files, and batches made of them."""

from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from itertools import count
from typing import Any, Self

import aiohttp
import openai
from openai.types import Batch

from belle.config.endpoint import EndpointProfile
from belle.endpoints.api_key import ApiKey
from belle.endpoints.connections import proxy_for
from belle.endpoints.problems import Answer, explain, explain_answer

NAME = "belle_batch"
"""Key of the metadata under which the endpoint keeps this project's name of a batch."""
MOST_LOOKED_AT = 1000
"""Of the account's last batches, when one is looked for by its name."""
SECONDS_FOR_A_FILE = 1800.0


class BatchClient:
    """An endpoint that takes batches, through the `openai` package. Its key stands in no error and in no result."""

    def __init__(self, profile: EndpointProfile) -> None:
        """Take the key from the environment.

        Raises:
            UserError: there is none, or it cannot be one.
        """
        self.profile, self._key = profile, ApiKey(profile.api_key_variable)
        # its own retries are off: it would send again after a time-out, which may be billed twice
        self._library = openai.AsyncOpenAI(
            api_key=self._key.value,
            base_url=profile.base_url,
            timeout=profile.timeout_seconds,
            max_retries=0,
            http_client=openai.DefaultAioHttpClient(proxy=proxy_for(profile.base_url)),
        )

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._library.close()

    async def upload(self, lines: bytes) -> str:
        """Upload a file of requests; return its id."""
        with self._problems():
            made = await self._library.with_options(timeout=SECONDS_FOR_A_FILE).files.create(
                file=("requests.jsonl", lines), purpose="batch"
            )
        return str(made.id)

    async def create(self, file: str, url: Any, name: str) -> str:
        """Have a batch made of a file; return its id."""
        with self._problems():
            made = await self._library.batches.create(
                input_file_id=file, endpoint=url, completion_window="24h", metadata={NAME: name}
            )
        return str(made.id)

    async def batch(self, identifier: str) -> Batch:
        """Return how a batch is getting on."""
        with self._problems():
            return await self._library.batches.retrieve(identifier)

    async def find(self, name: str) -> str | None:
        """Return the id of the batch with a name of this project's, None when there is none."""
        looked_at = count(1)
        with self._problems():
            async for batch in self._library.batches.list(limit=100):
                if (batch.metadata or {}).get(NAME) == name:
                    return str(batch.id)
                if next(looked_at) == MOST_LOOKED_AT:
                    break
        return None

    async def lines(self, file: str) -> AsyncIterator[bytes]:
        """Read a file line by line."""
        rest = b""
        with self._problems():
            library = self._library.with_options(timeout=SECONDS_FOR_A_FILE)
            async with library.files.with_streaming_response.content(file) as answer:
                async for block in answer.iter_bytes():
                    *lines, rest = (rest + block).split(b"\n")
                    for line in lines:
                        yield self._key.redacted(line)
        if rest:
            yield self._key.redacted(rest)

    @contextmanager
    def _problems(self) -> Iterator[None]:
        try:
            yield
        except openai.APIStatusError as error:
            answer = Answer(error.status_code, error.response.headers, error.response.content)
            raise explain_answer(answer, self.profile).without(self._key) from None
        # what aiohttp says of an answer that is no HTTP reaches us as it is
        except (openai.APIError, aiohttp.ClientError) as error:
            raise explain(error, self.profile).without(self._key) from None
