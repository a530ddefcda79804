"""What the requests without a reply cost: a row for each variant and judge, and their sum."""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from rich.table import Table

from belle.endpoints.budget import Budget, Tokens
from belle.endpoints.estimate import likely_tokens, most_tokens
from belle.endpoints.store import ReplyStore
from belle.judge.requests import Round

UNKNOWN = "?"


class Cost(NamedTuple):
    """What one judge is still asked about one variant.

    Attributes:
        variant: its name.
        judge: endpoint and model.
        asked: different requests, those left out that an earlier row has.
        waiting: those of them that have no reply and are in no batch.
        most: what these take at most.
        likely: what they take if they are as those before them; None where the model has not replied yet.
        budget: counts money.
    """

    variant: str
    judge: str
    asked: int
    waiting: int
    most: Tokens
    likely: Tokens | None
    budget: Budget


def costs(rounds: Iterable[Round], store: ReplyStore) -> list[Cost]:
    """Return the cost of every round. Equal answers are asked about once, so a request counts in its first row."""
    seen, found = set[str](), []
    for one in rounds:
        requests = {request.key: request for request in one.requests if request.key not in seen}
        seen |= requests.keys()
        waiting = [request for key, request in requests.items() if store.state(key) is None]
        likely = likely_tokens(waiting, store) if waiting else Tokens(0, 0)
        judge = f"{one.requests[0].endpoint}: {one.profile.model}"
        found.append(Cost(one.variant, judge, len(requests), len(waiting), most_tokens(waiting), likely, one.budget))
    return found


def table_of(rows: Sequence[Cost]) -> Table:
    """Return a table for people, with a sum below several rows."""
    table = Table("variant", "judge", box=None, pad_edge=False)
    for name in ("to send", "of", "tokens at most", "price at most", "tokens likely", "price likely"):
        table.add_column(name, justify="right", no_wrap=True)
    for one in rows:
        likely = [_tokens([one.likely]), _price([(one.budget, one.likely)])]
        most = [_tokens([one.most]), _price([(one.budget, one.most)])]
        table.add_row(one.variant, one.judge, f"{one.waiting:,}", f"{one.asked:,}", *most, *likely)
    if len(rows) > 1:
        most = [_tokens([one.most for one in rows]), _price([(one.budget, one.most) for one in rows])]
        likely = [_tokens([one.likely for one in rows]), _price([(one.budget, one.likely) for one in rows])]
        counts = [f"{sum(one.waiting for one in rows):,}", f"{sum(one.asked for one in rows):,}"]
        table.add_row("all", "", *counts, *most, *likely)
    return table


def _tokens(parts: Sequence[Tokens | None]) -> str:
    known = [one.total for one in parts if one is not None]
    return f"{sum(known):,}" if len(known) == len(parts) else UNKNOWN


def _price(parts: Sequence[tuple[Budget, Tokens | None]]) -> str:
    """Return the sum of some costs, of each currency; unknown where one of them is."""
    sums: dict[str, float] = {}
    for budget, tokens in parts:
        if budget.prices is None or tokens is None:
            return UNKNOWN
        sums[budget.prices.currency] = sums.get(budget.prices.currency, 0.0) + budget.prices.cost(*tokens)
    return " + ".join(f"{amount:.4g} {currency}" for currency, amount in sums.items())
