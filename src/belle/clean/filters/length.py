"""Drop rows that are too short or too long."""

from dataclasses import dataclass

from belle.clean.filters.filter import Filter
from belle.config.clean import CleanParams
from belle.libraries.daft_setup import daft


@dataclass(frozen=True)
class TooShort(Filter):
    """Drop rows with a user or assistant message of fewer than `minimum` characters."""

    minimum: int
    reason = "too_short"

    @classmethod
    def create(cls, params: CleanParams, questions: dict[str, str]) -> "TooShort":
        """Take the minimum of params.yaml."""
        return cls(params.min_characters)

    def drops(self) -> daft.Expression:
        """Compare the shortest turn with the minimum."""
        return daft.col("turn_characters").list_min() < self.minimum


@dataclass(frozen=True)
class TooLong(Filter):
    """Drop rows of more than `maximum` characters, all messages together."""

    maximum: int
    reason = "too_long"
    tables = ("conversations",)

    @classmethod
    def create(cls, params: CleanParams, questions: dict[str, str]) -> "TooLong":
        """Take the maximum of params.yaml; a text for pre-training may have any length."""
        return cls(params.max_characters)

    def drops(self) -> daft.Expression:
        """Compare the sum over all messages with the maximum."""
        return daft.col("characters").list_sum() > self.maximum
