import hashlib
from pathlib import Path

import pytest

from belle.data.held_out import held_out_ids
from belle.data.tables import TEXT_SCHEMA, write_table
from belle.errors import UserError


def table(folder: Path, numbers: list[int]) -> Path:
    rows = [{"id": f"x-{number}", "source": "x", "language": "zh", "text": "甲"} for number in numbers]
    write_table(folder / "texts.parquet", rows, TEXT_SCHEMA)
    return folder / "texts.parquet"


def test_held_out_are_the_ids_of_smallest_hash_whatever_else_there_is(tmp_path: Path) -> None:
    by_hash = sorted(range(40), key=lambda number: hashlib.sha256(f"x-{number}".encode()).hexdigest())
    chosen = {f"x-{number}" for number in by_hash[:8]}
    assert held_out_ids(table(tmp_path, list(range(40))), 8) == chosen
    assert held_out_ids(table(tmp_path, list(range(39, -1, -1))), 8) == chosen
    assert held_out_ids(table(tmp_path, sorted(by_hash[:20])), 8) == chosen


def test_too_few_rows_are_refused(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="15 rows are too few to train on: 8 are held out"):
        held_out_ids(table(tmp_path, list(range(15))), 8)
