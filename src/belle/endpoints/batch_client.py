"""The batch API of an endpoint, as OpenAI's: files, and batches made of them."""

from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from itertools import count
from typing import Any

import aiohttp
import openai
from openai.types import Batch

from belle.endpoints.client import Client
from belle.endpoints.problems import explain

NAME = "belle_batch"
"""Key of the metadata under which the endpoint keeps this project's name of a batch."""
MOST_LOOKED_AT = 1000
"""Of the account's last batches, when one is looked for by its name."""
SECONDS_FOR_A_FILE = 1800.0


class BatchClient(Client):
    """An endpoint that takes batches."""

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
        except (openai.APIError, aiohttp.ClientError) as error:
            raise explain(error, self.profile).without(self._key) from None
