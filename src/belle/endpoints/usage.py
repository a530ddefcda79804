"""What replies have taken, in tokens and money, and which models gave them."""

from collections import Counter
from collections.abc import Sequence
from typing import Any

from belle.config.prices import Prices
from belle.endpoints.reply import Reply


def usage_of(replies: Sequence[Reply], prices: Prices | None) -> dict[str, Any]:
    """Return the tokens of the replies and their cost; null where the server did not count, or a price is unknown."""
    used: dict[str, int | None] = {}
    for name in ("input_tokens", "output_tokens"):
        counts = [getattr(reply, name) for reply in replies]
        used[name] = None if None in counts else sum(counts)
    known = [count for count in used.values() if count is not None]
    cost = prices.cost(*known) if prices and len(known) == 2 else None
    return {**used, "cost": cost, "currency": prices.currency if prices else None}


def reported_models(replies: Sequence[Reply]) -> dict[str, int]:
    """Count the replies by the model that the server says it used; those of which it does not say are left out."""
    return dict(sorted(Counter(reply.model for reply in replies if reply.model).items()))
