"""Requests that the server refused, kept as replies: nobody asks again, and a colleague needs no key for them."""

import re
from collections import Counter
from collections.abc import Iterable, Sequence

from belle.config.endpoint import EndpointProfile
from belle.endpoints.budget import Budget
from belle.endpoints.reply import REFUSED, Reply
from belle.endpoints.request import Request
from belle.endpoints.send import send
from belle.endpoints.store import ReplyStore
from belle.errors import UserError

MOST_REFUSED = 2
"""Refused requests that are believed even when nearly all are."""


def send_and_keep_refusals(
    requests: Sequence[Request],
    profile: EndpointProfile,
    store: ReplyStore,
    budget: Budget,
    may_all_be_refused: bool = False,
) -> None:
    """Have the store hold a reply to every request, `REFUSED` where the server gives none.

    Args:
        requests: what is asked.
        profile: how the endpoint is reached.
        store: receives the replies.
        budget: what they may cost.
        may_all_be_refused: otherwise that most requests are refused says more about the endpoint than about them.

    Raises:
        UserError: as `send` does; or most requests were refused, of which then none is kept as refused.
    """
    missing = {request.key for request in requests if not store.has_reply(request.key)}
    refused = send(requests, profile, store, budget)
    if not may_all_be_refused and len(refused) > max(MOST_REFUSED, len(missing) // 2):
        raise UserError(
            f"{len(refused)} of {len(missing)} requests were refused, as with {next(iter(refused.values()))}; the "
            "replies to the others are kept: correct it and run again"
        )
    for key, reason in refused.items():
        keep_refusal(store, key, reason.removeprefix(f"{profile.base_url}: "))


def keep_refusal(store: ReplyStore, key: str, words: str | None) -> None:
    """Keep the refusal of a request as a reply to it, in the server's words, None where they do not matter."""
    nothing = dict.fromkeys(["model", "fingerprint", "input_tokens", "output_tokens"])
    store.add(key, Reply(text="", finish_reason=REFUSED, refusal=words, **nothing))


def refusals(replies: Iterable[Reply]) -> dict[str, int]:
    """Count the refusals among replies by the server's words, in which numbers, as the tokens of a prompt, are `…`."""
    # a schema that is refused has no words: `structured` says it
    words = [reply.refusal for reply in replies if reply.finish_reason == REFUSED and reply.refusal]
    return dict(sorted(Counter(map(_alike, words)).items()))


def _alike(words: str) -> str:
    status, colon, said = words.partition(": ")
    return status + colon + re.sub(r"\d+", "…", said)
