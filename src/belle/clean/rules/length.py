"""Rows that are too short or too long."""

from dataclasses import dataclass

from belle.clean.engine import daft
from belle.clean.rules.rule import Rule


@dataclass(frozen=True)
class TooShort(Rule):
    """A turn (not of the system) of fewer than `minimum` characters."""

    minimum: int
    reason = "too_short"

    def breaks(self) -> daft.Expression:
        """Look at the shortest turn."""
        return daft.col("turn_characters").list_min() < self.minimum


@dataclass(frozen=True)
class TooLong(Rule):
    """More than `maximum` characters, all messages together."""

    maximum: int
    reason = "too_long"

    def breaks(self) -> daft.Expression:
        """Add up the messages."""
        return daft.col("characters").list_sum() > self.maximum
