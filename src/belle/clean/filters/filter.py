"""The contract of a cleaning filter that looks at one row."""

from abc import ABC, abstractmethod
from collections.abc import Iterable
from typing import ClassVar

from belle.config.clean import CleanParams
from belle.libraries.daft_setup import daft

NO_STRING = daft.lit(None).cast(daft.DataType.string())
NO_NUMBER = daft.lit(None).cast(daft.DataType.float32())


class Filter(ABC):
    """Decides which rows are dropped.

    Its expressions may use the columns of `belle.clean.text.MESSAGE_FEATURES`, each a list with one value per message.
    A text is one message of the role `text`.
    """

    reason: ClassVar[str]
    """Counted in data/clean/counts.json, and written beside every dropped row."""
    tables: ClassVar[tuple[str, ...]] = ("conversations", "texts")
    """The tables it applies to."""

    @classmethod
    def create(cls, params: CleanParams, questions: dict[str, str]) -> "Filter | None":
        """Return the filter with its settings, None when it is switched off.

        Args:
            params: section `clean`.
            questions: comparison key of each evaluation question → its id.
        """
        return cls()

    def fitted(self, texts: Iterable[str]) -> "Filter":
        """Return the filter after a look at text of rows of the table, spread evenly over it; most need none."""
        return self

    @abstractmethod
    def drops(self) -> daft.Expression:
        """Return a boolean expression: true for a dropped row; null counts as false."""

    def match(self) -> daft.Expression:
        """Return a string expression: the id of what a dropped row repeats; null when there is none."""
        return NO_STRING

    def similarity(self) -> daft.Expression:
        """Return a float32 expression: how near a dropped row is to its match; null when there is none."""
        return NO_NUMBER

    def detail(self) -> daft.Expression:
        """Return a string expression: what was seen in a dropped row; null when the reason says it all."""
        return NO_STRING

    def columns(self) -> dict[str, daft.Expression]:
        """Return further columns that the other methods use: Python functions over whole columns."""
        return {}
