"""Downloading files by http(s): checked against a SHA-256, resumed after a break."""

import hashlib
import re
import sys
import time
from collections.abc import Callable
from pathlib import Path
from urllib.parse import unquote, urlsplit, urlunsplit

import httpx
from tenacity import RetryCallState, Retrying, retry_if_exception, wait_exponential

from belle.config.source import FILE_NAME, UrlFile
from belle.errors import UserError
from belle.files import sha256_of
from belle.progress import progress
from belle.sources.cache import link_or_copy

ATTEMPTS = 3
"""In a row without a byte more."""
BACKOFF_SECONDS, LONGEST_BACKOFF_SECONDS = 1.0, 30.0
LONGEST_WAIT_ASKED_SECONDS = 60.0
TIMEOUT_SECONDS = 60.0
LEAST_BYTES_PER_TIMEOUT = 60_000
"""A server that sends fewer in `TIMEOUT_SECONDS` would keep a download running for days."""
PASSING_STATUS = {408, 425, 429, 500, 502, 503, 504}
"""Answers that may be different a moment later."""
REFUSED_STATUS = {401, 403}


def download_file(file: UrlFile, target: Path, cache: Path) -> None:
    """Fetch one file into the path `target`.

    `cache` keeps the bytes that have arrived, between attempts and between runs; they are not requested again (HTTP
    `Range`, RFC 9110 §14).

    Raises:
        UserError: the server refuses, brings no byte in three attempts in a row, sends less than 1 kB/s, or sends
            other content than promised; in the last case nothing is kept.
    """
    partial = cache / f"{file.sha256}.partial"
    if partial.exists() and sha256_of(partial) == file.sha256:
        link_or_copy(partial, target)
        return
    in_one_piece = _fetch(file.url, partial)
    found = sha256_of(partial)
    if found != file.sha256 and not in_one_piece:
        # pieces of two versions of a file, or an answer cut off where none could see it
        partial.unlink()
        print(f"{public_address(file.url)}: wrong checksum; fetching it once more from the start", file=sys.stderr)
        _fetch(file.url, partial)
        found = sha256_of(partial)
    if found != file.sha256:
        partial.unlink()
        raise UserError(
            f"{file.name}: wrong checksum: {public_address(file.url)} gave sha256 {found}, the profile says "
            f"{file.sha256}; nothing was kept: run again, or correct the profile if the file itself has changed"
        )
    link_or_copy(partial, target)


def download_unknown(url: str, cache: Path) -> UrlFile:
    """Fetch a file whose checksum nobody knows yet into the cache; return it with its checksum.

    A later `download_file` of what is returned finds it there.

    Raises:
        UserError: as `download_file`, and when the address has no file name.
    """
    name = unquote(urlsplit(url).path.rpartition("/")[2])
    if not re.fullmatch(FILE_NAME, name):
        raise UserError(f"{public_address(url)}: no file name at the end of its path; download it, and add the file")
    partial = cache / f"{hashlib.sha256(url.encode()).hexdigest()}.unknown"
    # what another run has left may be of another version, and no checksum would tell
    partial.unlink(missing_ok=True)
    _fetch(url, partial)
    file = UrlFile(url=url, sha256=sha256_of(partial), name=name)
    partial.rename(cache / f"{file.sha256}.partial")
    return file


def public_address(url: str) -> str:
    """Return a URL without user, password, query and fragment: signed addresses must not reach a file or a log."""
    parts = urlsplit(url)
    return urlunsplit((parts.scheme, parts.netloc.rpartition("@")[2], parts.path, "", ""))


def _fetch(url: str, partial: Path) -> bool:
    """Complete a partial file; return whether one answer, which said how long it is, brought all of it."""
    attempts = Retrying(
        stop=_stop_without_progress(partial),
        wait=_wait,
        retry=retry_if_exception(_may_pass),
        before_sleep=_say,
        reraise=True,
    )
    try:
        return attempts(_attempt, url, partial)
    except (httpx.HTTPStatusError, httpx.RequestError, httpx.InvalidURL) as error:
        advice = "run again to go on where it stopped" if _may_pass(error) else _advice(error)
        raise UserError(f"{public_address(url)}: {_reason(error)}; {advice}") from None


def _stop_without_progress(partial: Path) -> Callable[[RetryCallState], bool]:
    """Return the rule that gives up after `ATTEMPTS` attempts in a row that brought no byte."""
    have, idle = _size(partial), 0

    def stop(_: RetryCallState) -> bool:
        nonlocal have, idle
        size = _size(partial)
        have, idle = size, 0 if size > have else idle + 1
        return idle >= ATTEMPTS

    return stop


def _wait(state: RetryCallState) -> float:
    """Return the seconds before the next attempt: doubled each time, or what a busy server asks for."""
    backoff = wait_exponential(multiplier=BACKOFF_SECONDS, max=LONGEST_BACKOFF_SECONDS)(state)
    error = state.outcome.exception() if state.outcome else None
    # RFC 9110 §10.2.3; its other form, a date, is left aside
    asked = error.response.headers.get("Retry-After", "") if isinstance(error, httpx.HTTPStatusError) else ""
    return max(backoff, min(float(asked), LONGEST_WAIT_ASKED_SECONDS)) if asked.isdecimal() else backoff


def _size(partial: Path) -> int:
    return partial.stat().st_size if partial.exists() else 0


def _advice(error: BaseException) -> str:
    status = error.response.status_code if isinstance(error, httpx.HTTPStatusError) else None
    return "ask its owner for access" if status in REFUSED_STATUS else "check the address in the profile"


def _attempt(url: str, partial: Path) -> bool:
    """Request the missing bytes and append them; start over when the server sends the whole file.

    Returns:
        Whether the server sent the whole file and said how long it is.
    """
    have = _size(partial)
    headers = {"Accept-Encoding": "identity"} | ({"Range": f"bytes={have}-"} if have else {})
    with httpx.stream("GET", url, headers=headers, follow_redirects=True, timeout=TIMEOUT_SECONDS) as answer:
        if answer.status_code == httpx.codes.REQUESTED_RANGE_NOT_SATISFIABLE and have:
            return False  # all of it is here already: the checksum decides
        answer.raise_for_status()
        if not answer.headers.get("Content-Range", "").startswith(f"bytes {have}-"):
            have = 0
        _write(answer, partial, have)
        return have == 0 and "Content-Length" in answer.headers


def _write(answer: httpx.Response, partial: Path, have: int) -> None:
    length = answer.headers.get("Content-Length")
    total = have + int(length) if length else None
    name = answer.url.path.rpartition("/")[2]
    with partial.open("ab") as stream, progress(f"download {name}", total=total, unit="bytes") as bar:
        stream.truncate(have)
        bar.advance(have)
        since, arrived = time.monotonic(), 0
        # as they arrive: what is buffered would be lost when the line breaks
        for chunk in answer.iter_raw():
            stream.write(chunk)
            bar.advance(len(chunk))
            arrived += len(chunk)
            if arrived >= LEAST_BYTES_PER_TIMEOUT:
                since, arrived = time.monotonic(), 0
            elif time.monotonic() - since > TIMEOUT_SECONDS:
                address = public_address(str(answer.url))
                raise UserError(f"{address}: less than 1 kB/s; run again later to go on where it stopped")


def _may_pass(error: BaseException) -> bool:
    if isinstance(error, httpx.HTTPStatusError):
        return error.response.status_code in PASSING_STATUS
    return isinstance(error, httpx.TransportError) and not isinstance(error, httpx.UnsupportedProtocol)


def _say(state: RetryCallState) -> None:
    wait = state.next_action.sleep if state.next_action else 0
    reason = _reason(state.outcome.exception()) if state.outcome else ""
    print(
        f"{public_address(state.args[0])}: {reason}; trying again in {wait:.0f} s",
        file=sys.stderr,
    )


def _reason(error: BaseException | None) -> str:
    if isinstance(error, httpx.HTTPStatusError):
        return f"the server answered {error.response.status_code} {error.response.reason_phrase}".strip()
    return " ".join(str(error).split()) or type(error).__name__
