"""The contract of a cleaning rule that looks at one row."""

from abc import ABC, abstractmethod
from typing import ClassVar

from belle.clean.engine import daft


class Rule(ABC):
    """Says which rows go.

    It may look at the columns `id` and those of `belle.clean.messages.FACTS`: `roles`, `characters`,
    `turn_characters` and `keys`, each a list with one value a message. A text is one message of the role
    `text`.
    """

    reason: ClassVar[str]

    @abstractmethod
    def breaks(self) -> daft.Expression:
        """Return a boolean expression: true for a row that goes; null counts as false."""

    def match(self) -> daft.Expression:
        """Return a string expression: the id of what a row that goes is equal to; null when there is none."""
        return daft.lit(None).cast(daft.DataType.string())

    def columns(self) -> dict[str, daft.Expression]:
        """Return further columns that the other two methods use: Python functions over whole columns."""
        return {}
