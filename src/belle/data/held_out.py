"""Conversations or texts held out for the evaluation loss."""

import hashlib
import heapq
from pathlib import Path

from belle.config.held_out import fewest_rows
from belle.data.tables import read_table
from belle.errors import UserError


def held_out_ids(table: Path, count: int, knob: str = "") -> set[str]:
    """Return the `count` ids of a table with the smallest SHA-256: the same ones whatever else is in the data.

    Args:
        table: with a column `id`.
        count: how many to hold out.
        knob: the key of params.yaml that says so, if one does; for the error.

    Raises:
        UserError: too few rows.
    """
    ids = [row["id"] for row in read_table(table, columns=["id"])]
    if len(ids) < fewest_rows(count):
        raise UserError(
            f"{table}: {len(ids)} rows are too few to train on: {count} are held out, at least as many must remain; "
            "add data" + (f", or set {knob} to {len(ids) // 2} or less" if knob else "")
        )
    return set(heapq.nsmallest(count, ids, key=lambda one: hashlib.sha256(one.encode()).digest()))
