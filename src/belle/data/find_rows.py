"""Find rows of a table by their ids."""

from collections.abc import Collection
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc

from belle.data.tables import Row, read_batches

ROWS_PER_BATCH = 2_000


def find_rows(table: Path, ids: Collection[str]) -> dict[str, tuple[int, Row]]:
    """Return the position (from 0) and the content of the rows with these ids; one that is not there has no entry.

    Raises:
        UserError: no such file, or a damaged one.
    """
    wanted, found, done = pa.array(sorted(ids), pa.string()), dict[str, tuple[int, Row]](), 0
    for batch in read_batches(table, ROWS_PER_BATCH):
        if len(found) == len(wanted):
            break
        places = pc.indices_nonzero(pc.is_in(batch["id"], value_set=wanted))
        for place, row in zip(places.to_pylist(), batch.take(places).to_pylist(), strict=True):
            found[row["id"]] = done + place, row
        done += batch.num_rows
    return found
