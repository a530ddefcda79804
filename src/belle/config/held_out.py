"""How many rows are held out for the evaluation loss, and how many a table needs then."""

HELD_OUT_TEXTS = 64
"""Texts that pre-training holds out."""


def fewest_rows(held_out: int) -> int:
    """Return the rows a table needs: as many must remain to train on as are held out."""
    return 2 * held_out
