"""What data/clean holds: names of its files, and the reasons that others than the stage clean know."""

from pathlib import Path

from belle.data.tables import CONVERSATIONS, TEXTS

TABLES = {"conversations": CONVERSATIONS, "texts": TEXTS}
"""Table to its file in data/raw and data/clean."""
DROPPED = "dropped.parquet"
"""The rows that cleaning removed from either table."""
UNREADABLE = "unreadable"
"""The reason of rows that no importer could read; they have no id, and lie beside the table of data/raw."""
CONTAMINATED = "contaminated"
"""The reason of rows that hold a question of the evaluation set; their match is its id."""


def malformed_of(table: Path) -> Path:
    """Return where the unreadable rows of a table of data/raw lie."""
    return table.with_suffix(".malformed.parquet")
