"""Drop rows whose turns do not alternate, and rows with an empty message."""

from belle.clean.filters.filter import Filter
from belle.libraries.daft_setup import daft

ALTERNATING = r"^(system )*user assistant( user assistant)*$"


class Malformed(Filter):
    """Drop rows without turns, and rows whose user and assistant turns do not alternate."""

    reason = "malformed"
    tables = ("conversations",)

    def drops(self) -> daft.Expression:
        """Compare the sequence of roles with a pattern."""
        return ~daft.col("roles").list_join(" ").regexp(ALTERNATING)


class Empty(Filter):
    """Drop rows with a message that has no character left after normalizing."""

    reason = "empty"

    def drops(self) -> daft.Expression:
        """Look at the shortest message."""
        return daft.col("characters").list_min() == 0
