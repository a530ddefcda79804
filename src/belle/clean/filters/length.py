"""Drop rows that are too short or too long."""

from dataclasses import dataclass

from belle.clean.filters.filter import Filter
from belle.libraries.daft_setup import daft


@dataclass(frozen=True)
class TooShort(Filter):
    """Drop rows with a user or assistant message of fewer than `minimum` characters."""

    minimum: int
    reason = "too_short"

    def drops(self) -> daft.Expression:
        """Compare the shortest turn with the minimum."""
        return daft.col("turn_characters").list_min() < self.minimum


@dataclass(frozen=True)
class TooLong(Filter):
    """Drop rows of more than `maximum` characters, all messages together."""

    maximum: int
    reason = "too_long"

    def drops(self) -> daft.Expression:
        """Compare the sum over all messages with the maximum."""
        return daft.col("characters").list_sum() > self.maximum
