"""Files of requests and of results, as OpenAI's batch API and `vllm run-batch` read and write them.

A line is one request, `custom_id` its key; so a line of results says by itself which request it answers.
"""

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ValidationError

from belle.endpoints.problems import said_in
from belle.endpoints.reply import MalformedReply, Reply, read_answer
from belle.endpoints.request import Request
from belle.errors import UserError
from belle.files import fresh_directory
from belle.words import counted

MOST_REQUESTS, MOST_BYTES = 50_000, 200_000_000
"""Of one file, as OpenAI allows."""


class Result(BaseModel):
    """What a line of results says.

    Attributes:
        key: of the request.
        status: of the answer, None without one.
        body: of the answer, None without one.
        reply: the answer read, None when it is none.
        error: why there is no reply, None when there is one.
    """

    key: str
    status: int | None
    body: Any
    reply: Reply | None
    error: str | None


class _Response(BaseModel):
    status_code: int | None = None
    body: Any = None


class _Line(BaseModel):
    """The part of a line that OpenAI's API and vLLM have in common; other keys are passed over."""

    custom_id: str
    response: _Response | None = None
    error: Any = None


def request_line(request: Request) -> bytes:
    """Return the line of a request."""
    line = {"custom_id": request.key, "method": "POST", "url": url_of(request), "body": request.body}
    return json.dumps(line, ensure_ascii=False).encode() + b"\n"


def url_of(request: Request) -> str:
    """Return the address in a line; it begins with /v1 whatever the endpoint's own address is."""
    return f"/v1{request.path}"


def files_of(requests: Iterable[Request]) -> list[list[Request]]:
    """Return the requests of each file: all to one model of one endpoint, within the limits of a file."""
    groups: dict[tuple[str, str, str], list[Request]] = {}
    for request in requests:
        groups.setdefault((request.endpoint, request.model, request.path), []).append(request)
    return [part for group in groups.values() for part in _parts(group)]


def _parts(requests: Sequence[Request]) -> Iterator[list[Request]]:
    part, size = list[Request](), 0
    for request in requests:
        length = len(request_line(request))
        if part and (len(part) == MOST_REQUESTS or size + length > MOST_BYTES):
            yield part
            part, size = [], 0
        part.append(request)
        size += length
    yield part


def export(requests: Sequence[Request], folder: Path) -> list[Path]:
    """Write requests into files of a new folder; return their paths.

    Raises:
        UserError: there is something in the folder.
    """
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise UserError(f"{folder}: there is something already; name a new folder")
    names = []
    with fresh_directory(folder) as out:
        for number, part in enumerate(files_of(requests), start=1):
            names.append(f"{number:03}-{part[0].endpoint}.jsonl")
            with (out / names[-1]).open("wb") as stream:
                stream.writelines(map(request_line, part))
    return [folder / name for name in names]


def read_result(line: bytes) -> Result | None:
    """Read a line of results, None when it is none."""
    try:
        found = _Line.model_validate_json(line)
    except ValidationError:
        return None
    if found.response is None and not found.error:
        return None
    status, body = (found.response.status_code, found.response.body) if found.response else (None, None)
    reply, error = None, None
    if found.error or status != 200:
        reason = said_in(found.error or body)
        error = reason if status in (None, 200) else f"status {status}: {reason}"
    else:
        try:
            reply = read_answer(json.dumps(body).encode())
        except MalformedReply as problem:
            error = f"its answer is no completion ({problem})"
    return Result(key=found.custom_id, status=status, body=body, reply=reply, error=error)


def in_words(replies: int, errors: Counter[str]) -> str:
    """Return how many results are replies, and how many are none, by the reason."""
    without = [f"{count} without: {reason}" for reason, count in sorted(errors.items())]
    return "; ".join([counted(replies, "reply", "replies"), *without])
