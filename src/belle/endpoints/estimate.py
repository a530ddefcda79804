"""What requests may take: the most, and what is likely by the replies that the same model has given."""

import sys
from collections.abc import Sequence

from belle.endpoints.budget import Budget, Tokens
from belle.endpoints.request import Request
from belle.endpoints.store import ReplyStore
from belle.errors import UserError
from belle.words import counted


def most_tokens(requests: Sequence[Request]) -> Tokens:
    """Return what requests take at most, the prompts a token per byte."""
    return Tokens(sum(one.most_input_tokens for one in requests), sum(one.max_tokens for one in requests))


def likely_tokens(requests: Sequence[Request], store: ReplyStore) -> Tokens | None:
    """Return what requests take if they are as those before them; None where the model has not replied yet."""
    averages = store.spending.averages(requests[0])
    if averages is None:
        return None
    per_character, per_reply = averages
    characters = sum(len(request.canonical) for request in requests)
    return Tokens(round(characters * per_character), round(len(requests) * per_reply))


def announce(waiting: Sequence[Request], count: int, store: ReplyStore, budget: Budget) -> None:
    """Say which of `count` requests are about to be sent, and what they can cost.

    Raises:
        UserError: the cost has no limit, since neither prices are known nor a limit of tokens is set.
    """
    first = waiting[0]
    if budget.prices is None and budget.tokens is None:
        raise UserError(
            f"{budget.key}.tokens: what tokens of {first.model} cost is not known; write input_price and output_price "
            f"into the profile of the endpoint {first.endpoint} (0 for a server of your own), or limit the tokens"
        )
    most = most_tokens(waiting)
    print(
        f"{first.endpoint}: {len(waiting)} of {count} requests to {first.model} have no reply yet; "
        f"at most {most.total} tokens, {budget.price(most)}{_likely(waiting, store, budget)}",
        file=sys.stderr,
    )


def announce_likely(rest: Sequence[Request], store: ReplyStore, budget: Budget) -> None:
    """Say, when the first reply of a model is here, what the others are likely to cost."""
    if rest and (words := _likely(rest, store, budget)):
        print(f"{rest[0].endpoint}: by the first reply{words} for the other {len(rest)}", file=sys.stderr)


def _likely(requests: Sequence[Request], store: ReplyStore, budget: Budget) -> str:
    likely = likely_tokens(requests, store)
    return f", likely {likely.total} tokens, {budget.price(likely)}" if likely else ""


def spent_in_words(store: ReplyStore, budget: Budget) -> str:
    """Return what the replies to the wanted requests took, and what attempts without one may have, for people."""
    unknown = store.spending.unknown()
    known = store.spending.spent() - unknown.tokens
    words = f"{known.total} tokens, {budget.price(known)}, for replies"
    if unknown.attempts:
        attempts = counted(unknown.attempts, "attempt")
        most = f"{unknown.tokens.total} more, {budget.price(unknown.tokens)}"
        words += f"; up to {most}, for {attempts} without a known outcome"
    return words
