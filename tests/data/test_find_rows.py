import pytest

from belle.data import find_rows as module
from belle.data.find_rows import find_rows
from belle.data.tables import TEXT_SCHEMA, write_table
from belle.errors import UserError
from factories import text_row


def test_rows_are_found_with_their_positions_across_batches(tmp_path, monkeypatch):
    monkeypatch.setattr(module, "ROWS_PER_BATCH", 3)
    rows = [text_row(f"r{number}", f"text {number}") for number in range(10)]
    write_table(tmp_path / "texts.parquet", rows, TEXT_SCHEMA)
    found = find_rows(tmp_path / "texts.parquet", ["r7", "r0", "r8", "absent"])
    assert found == {f"r{number}": (number, rows[number]) for number in (0, 7, 8)}


def test_a_missing_table_is_an_error(tmp_path):
    with pytest.raises(UserError, match="no such file"):
        find_rows(tmp_path / "texts.parquet", ["a"])
