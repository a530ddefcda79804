"""What tokens cost: as an endpoint's profile says, else as the library genai-prices knows."""

from datetime import UTC, datetime
from typing import Literal

from belle.config.base import CONFIGS, Section
from belle.config.endpoint import EndpointProfile

CURRENCY = "USD"
"""Of the library's prices."""
TOKENS = 1000
"""Few enough for the price of short prompts, where a provider has others for long ones."""
HOURS = [datetime(9999, 1, 1, hour, tzinfo=UTC) for hour in range(24)]
"""Later than any price that the library knows, so that the last one counts, whatever today's date is."""


class Prices(Section):
    """Prices of 10^6 tokens of a prompt and of a reply."""

    currency: str
    input: float
    output: float

    def cost(self, input_tokens: int, output_tokens: int) -> float:
        """Return the price of so many tokens."""
        return (input_tokens * self.input + output_tokens * self.output) / 1e6


def prices_of(profile: EndpointProfile) -> Prices | None:
    """Return what an endpoint charges, None when that is not known; it is never taken for nothing.

    A price of the profile counts before the library's, which are those of the version installed. Of prices that depend
    on the time of the day the highest counts.
    """
    written = (profile.input_price, profile.output_price)
    known = written if None not in written else _known(profile)
    if known is None:
        return None
    paid = [ours if ours is not None else theirs for ours, theirs in zip(written, known, strict=True)]
    assert paid[0] is not None and paid[1] is not None
    return Prices(currency=profile.currency, input=paid[0], output=paid[1])


def price_problem(endpoint: str, profile: EndpointProfile, tokens: int | None, money: float | None, key: str) -> str:
    """Return what is wrong with a budget while prices are not known, empty when nothing is.

    Args:
        endpoint: name of the profile.
        profile: the profile.
        tokens: limit of tokens, None without one.
        money: limit of money, None without one.
        key: where params.yaml has both limits.
    """
    if (tokens is not None and money is None) or prices_of(profile) is not None:
        return ""
    limit: Literal["money", "tokens"] = "tokens" if money is None else "money"
    return (
        f"{key}.{limit}: what tokens of {profile.model} cost is not known; write input_price and output_price into "
        f"{CONFIGS}/endpoint/{endpoint}.yaml (0 for a server of your own), or limit {key}.tokens instead"
    )


def _known(profile: EndpointProfile) -> tuple[float, float] | None:
    """Return the library's prices of 10^6 tokens; it knows a provider by its address."""
    if profile.currency != CURRENCY:
        return None
    # a quarter of a second, which a server of one's own need not wait for
    from genai_prices import Usage, calc_price

    usage = Usage(input_tokens=TOKENS, output_tokens=TOKENS)
    address = profile.base_url
    try:
        found = [calc_price(usage, profile.model, provider_api_url=address, genai_request_timestamp=at) for at in HOURS]
    except LookupError:
        return None
    most = max(one.input_price for one in found), max(one.output_price for one in found)
    return float(most[0] * 1_000_000 / TOKENS), float(most[1] * 1_000_000 / TOKENS)
