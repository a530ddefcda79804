"""Send requests to an endpoint until the store has a reply to each of them.

The first request goes alone: a wrong key, an unknown model or a server that speaks another language stops everything
before the others are sent. Then so many workers as the profile allows share the rest.
"""

import asyncio
from collections import deque
from collections.abc import Sequence

from belle.config.endpoint import EndpointProfile
from belle.endpoints.budget import Budget
from belle.endpoints.client import Client
from belle.endpoints.estimate import announce, announce_likely
from belle.endpoints.pace import Pace
from belle.endpoints.request import Request
from belle.endpoints.sender import GO_ON, Sender
from belle.endpoints.store import ReplyStore
from belle.errors import UserError
from belle.progress import progress
from belle.signals import kept_when_interrupted
from belle.words import counted


def send(requests: Sequence[Request], profile: EndpointProfile, store: ReplyStore, budget: Budget) -> dict[str, str]:
    """Have the store hold a reply to every request; those that it holds are not sent, and need no key.

    Returns:
        Why a request was refused, by its key: it has no reply, and would get none if it were sent again.

    Raises:
        UserError: there is no key; the endpoint answers nobody; the budget would not do for the next request; or some
            requests brought no reply in `retries.ATTEMPTS` attempts. What has arrived by then is in the store.
    """
    store.want(requests)
    different = {one.key: one for one in requests}
    waiting = [request for key, request in different.items() if not store.has_reply(key)]
    if not waiting:
        return {}
    announce(waiting, len(different), store, budget)
    return asyncio.run(_send(waiting, len(different), profile, store, budget))


async def _send(
    waiting: list[Request], count: int, profile: EndpointProfile, store: ReplyStore, budget: Budget
) -> dict[str, str]:
    rest, is_known = deque(waiting), store.spending.averages(waiting[0]) is not None

    def kept() -> str:
        replies = count - len(waiting) + sender.answered
        return f"{replies} of {counted(count, 'reply', 'replies')} are kept, the next run asks for the rest"

    with progress(f"ask {waiting[0].endpoint}", total=len(waiting), unit="requests") as bar:
        async with Client(profile) as client:
            pace = Pace(profile.requests_per_minute, profile.max_concurrency)
            sender = Sender(client, pace, store, budget, bar)
            sender.refusal_stops = count == len(waiting)
            sender.failure_stops = not store.has_heard_from(waiting[0])
            with kept_when_interrupted(kept):
                await sender.work(deque([rest.popleft()]))
                sender.failure_stops = sender.refusal_stops = False
                if not is_known:
                    announce_likely(rest, store, budget)
                await asyncio.gather(*(sender.work(rest) for _ in range(profile.max_concurrency)))
    pace.raise_if_stopped()
    if sender.unanswered:
        raise UserError(
            f"{len(sender.unanswered)} of {counted(len(waiting), 'request')} brought no reply; "
            f"{sender.unanswered[-1]}; {GO_ON}"
        )
    return sender.refused
