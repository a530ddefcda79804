"""What an endpoint's errors mean: ask again, do without this reply, or stop; each in one line for people."""

import json
import time
from collections.abc import Mapping
from email.utils import parsedate_to_datetime
from typing import Any, NamedTuple, Self

import aiohttp

from belle.config.endpoint import EndpointProfile
from belle.endpoints.api_key import ApiKey
from belle.endpoints.store import Outcome

RATE_LIMITED = 429
PASSING_STATUS = (408, 409, 425, RATE_LIMITED)
"""Answers that may be different a moment later, as those from 500 on may be."""
NO_CREDIT = ("insufficient_quota", "billing_hard_limit_reached")
MODERATION = ("moderation", "flagged")
"""Words of a 403 that is about one prompt, as OpenRouter's; any other is about the account or the region."""
UNKNOWN_MODEL = "model_not_found"
NEVER_CONNECTED = (aiohttp.ClientConnectorError, aiohttp.ConnectionTimeoutError, aiohttp.ClientHttpProxyError)
CHARACTERS_SHOWN = 200


class Answer(NamedTuple):
    """An answer of the server; the names of its headers are found in upper and lower case."""

    status: int
    headers: Mapping[str, str]
    content: bytes


class Problem(Exception):
    """A request got no reply; the message is one line.

    Attributes:
        outcome: how the store knows the attempt.
        status: of the server's answer, None without one.
        body: of the server's answer, empty without one.
        wait: seconds that the server asks everybody to wait, None when it does not.
    """

    def __init__(
        self, message: str, outcome: Outcome, status: int | None = None, body: bytes = b"", wait: float | None = None
    ) -> None:
        super().__init__(message)
        self.outcome, self.status, self.body, self.wait = outcome, status, body, wait

    @property
    def is_unreachable(self) -> bool:
        """Whether there was not even a connection."""
        return self.outcome == "refused" and self.status is None

    def without(self, key: ApiKey) -> Self:
        """Take the key out of what the server says."""
        self.args = (key.redacted(str(self).encode()).decode(),)
        self.body = key.redacted(self.body)
        return self


class Passing(Problem):
    """The request may succeed a moment later."""


class Refused(Problem):
    """The server will not answer this request, whenever it is asked."""


class Fatal(Problem):
    """The server would answer no other request either."""


def explain(error: Exception, profile: EndpointProfile) -> Problem:
    """Return what an error of the libraries means."""
    # aiohttp's errors are among the causes: the libraries above do not tell a lost connection from one never made
    causes: list[BaseException] = [error]
    while cause := causes[-1].__cause__:
        causes.append(cause)
    if any(isinstance(cause, NEVER_CONNECTED) for cause in causes):
        return Passing(f"{profile.base_url}: cannot be reached ({_one_line(causes[-1])})", "refused")
    # `unknown`: it was sent, so there may be a reply somewhere, and a bill
    if any(isinstance(cause, TimeoutError) for cause in causes):
        return Passing(f"{profile.base_url}: no answer within {profile.timeout_seconds:g} s", "unknown")
    return Passing(f"{profile.base_url}: broke off ({_one_line(causes[-1])})", "unknown")


def explain_answer(answer: Answer, profile: EndpointProfile) -> Problem:
    """Return what an answer means whose status is that of an error."""
    body = _error_in(answer.content)
    status, said = answer.status, said_in(body)
    code = (body.get("code") or body.get("type")) if isinstance(body, dict) else None
    words = f"{profile.base_url}: status {status}: {said}"

    def problem(kind: type[Problem], advice: str = "", wait: float | None = None) -> Problem:
        message = f"{words}; {advice}" if advice else words
        return kind(message, "refused", status, answer.content, wait)

    if status == 401:
        return problem(Fatal, _key_advice(profile))
    if status == 402 or code in NO_CREDIT:
        return problem(Fatal, "this account has no credit")
    if code == UNKNOWN_MODEL or (status == 404 and profile.model in said):
        return problem(Fatal, f"it does not know the model; correct `model: {profile.model}` in the endpoint's profile")
    if status == 403 and not any(word in said.lower() for word in MODERATION):
        return problem(Fatal, "this account, or this region, has no access")
    if 300 <= status < 400:
        place = _one_line(answer.headers.get("location"))
        return problem(Fatal, f"it points to {place}; correct base_url in the endpoint's profile")
    if status == 404:
        return problem(Fatal, "nothing is there; correct base_url in the endpoint's profile, it usually ends in /v1")
    # llama-cpp-python's server answers 500 to a form that it does not know, today and tomorrow
    if status == 500 and "response_format" in said:
        return problem(Refused)
    if status in PASSING_STATUS or status >= 500:
        return problem(Passing, wait=seconds_asked(answer.headers))
    return problem(Refused)


def seconds_asked(headers: Mapping[str, str]) -> float | None:
    """Return the seconds of `retry-after-ms` or `Retry-After`, a number or a date (RFC 9110 §10.2.3); None without."""
    milliseconds, asked = headers.get("retry-after-ms"), headers.get("retry-after")
    try:
        if milliseconds:
            return max(0.0, float(milliseconds) / 1000)
        if asked and asked[:1].isdigit():
            return float(asked)
        return max(0.0, parsedate_to_datetime(asked).timestamp() - time.time()) if asked else None
    except ValueError:
        return None


def _key_advice(profile: EndpointProfile) -> str:
    if profile.api_key_variable is None:
        return "it wants an API key; name the environment variable that holds it as api_key_variable in the profile"
    return f"it refuses the API key in the environment variable {profile.api_key_variable}"


def _error_in(content: bytes) -> Any:
    """Return the object that OpenAI calls `error`, or whatever else the answer holds."""
    try:
        body = json.loads(content)
    except (ValueError, RecursionError):
        return content.decode(errors="replace")
    return body["error"] if isinstance(body, dict) and body.get("error") else body


def said_in(body: Any) -> str:
    """Return the server's own words: the `message` of an OpenAI error, or whatever its answer holds."""
    if isinstance(body, dict):
        found = body.get("error") or body.get("message") or body.get("detail") or body.get("code") or body
        return said_in(found) if isinstance(found, dict) and found is not body else _one_line(found)
    return _one_line(body or "no reason given")


def _one_line(found: object) -> str:
    text = " ".join(str(found).split()) or type(found).__name__
    # an escape in JSON, or a byte of a header, can be half of a surrogate pair, which nothing can print
    text = text.encode("utf-8", "backslashreplace").decode()
    return text if len(text) <= CHARACTERS_SHOWN else text[:CHARACTERS_SHOWN] + "…"
