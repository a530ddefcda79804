"""Rows with nothing in a message."""

from belle.clean.engine import daft
from belle.clean.rules.rule import Rule


class Empty(Rule):
    """A message with no character left after normalising."""

    reason = "empty"

    def breaks(self) -> daft.Expression:
        """Look at the shortest message."""
        return daft.col("characters").list_min() == 0
