import hashlib
from pathlib import Path

import pytest

from belle.data.held_out import held_out_ids
from belle.data.tables import TEXT_SCHEMA, write_table
from belle.errors import UserError
from factories import text_row


def table(folder: Path, numbers: list[int]) -> Path:
    write_table(folder / "texts.parquet", [text_row(f"x-{number}", "甲") for number in numbers], TEXT_SCHEMA)
    return folder / "texts.parquet"


def test_the_ids_of_smallest_hash_are_held_out_whatever_else_there_is(tmp_path):
    by_hash = sorted(range(40), key=lambda number: hashlib.sha256(f"x-{number}".encode()).hexdigest())
    chosen = {f"x-{number}" for number in by_hash[:8]}
    assert held_out_ids(table(tmp_path, list(range(40))), 8) == chosen
    assert held_out_ids(table(tmp_path, list(range(39, -1, -1))), 8) == chosen
    assert held_out_ids(table(tmp_path, sorted(by_hash[:20])), 8) == chosen


def test_as_many_must_remain_as_are_held_out(tmp_path):
    assert len(held_out_ids(table(tmp_path, list(range(16))), 8)) == 8
    with pytest.raises(UserError, match=r"texts\.parquet: 15 .*\b8\b"):
        held_out_ids(table(tmp_path, list(range(15))), 8)
    with pytest.raises(UserError, match=r"add data, or set tokenize\.eval_conversations to 7 or less$"):
        held_out_ids(table(tmp_path, list(range(15))), 8, "tokenize.eval_conversations")
