"""What requests may cost at most."""

from dataclasses import dataclass
from typing import NamedTuple

from belle.config.prices import Prices


class Tokens(NamedTuple):
    """Tokens of prompts and of replies."""

    input: int
    output: int

    def __add__(self, other: tuple[int, ...]) -> "Tokens":  # type: ignore[override]
        """Add both counts."""
        return Tokens(self.input + other[0], self.output + other[1])

    def __sub__(self, other: "Tokens") -> "Tokens":
        """Take both counts away."""
        return Tokens(self.input - other.input, self.output - other.output)

    @property
    def total(self) -> int:
        """Both together."""
        return self.input + self.output


@dataclass(frozen=True)
class Budget:
    """Limits of tokens and of money, None for no limit, and the prices to count money by, None where unknown."""

    tokens: int | None
    money: float | None
    prices: Prices | None
    key: str
    """Where params.yaml has both, for people."""

    def price(self, tokens: Tokens) -> str:
        """Return what so many tokens cost, for people."""
        if self.prices is None:
            return "at unknown prices"
        return f"{self.prices.cost(*tokens):.4g} {self.prices.currency}"

    def exceeded_by(self, spent: Tokens, next_one: Tokens) -> str | None:
        """Return which limit could be exceeded if `next_one` were asked for too, in words; None when none could.

        Args:
            spent: what has been used, with the most that requests under way may take.
            next_one: the most that one request more may take.
        """
        total = spent + next_one
        if self.tokens is not None and total.total > self.tokens:
            return (
                f"{self.key}.tokens: {self.tokens}: {spent.total} are spent, the next request may take {next_one.total}"
            )
        if self.money is None:
            return None
        if self.prices is None:
            return f"{self.key}.money: {self.money}: what tokens cost is not known"
        cost, so_far = self.prices.cost(*total), self.prices.cost(*spent)
        if cost > self.money:
            return (
                f"{self.key}.money: {self.money}: {so_far:.4g} {self.prices.currency} are spent, with the next request "
                f"it may be {cost:.4g}"
            )
        return None
