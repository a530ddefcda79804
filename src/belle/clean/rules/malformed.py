"""Conversations whose turns do not alternate."""

from belle.clean.engine import daft
from belle.clean.rules.rule import Rule

ALTERNATING = r"^(system )*user assistant( user assistant)*$"


class Malformed(Rule):
    """No messages, or turns that do not go user, assistant, …, assistant behind the system messages."""

    reason = "malformed"

    def breaks(self) -> daft.Expression:
        """Compare the sequence of roles with a pattern."""
        return ~daft.col("roles").list_join(" ").regexp(ALTERNATING)
