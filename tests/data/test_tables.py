import pyarrow.parquet as pq
import pytest

from belle.data.tables import CONVERSATION_SCHEMA, TEXT_SCHEMA, read_table, write_table
from belle.errors import UserError
from factories import contents, conversation_row, text_row


def test_rows_come_back_in_order_with_nulls(tmp_path):
    rows = [
        conversation_row("b", "问", "答", category="数学"),
        conversation_row("a"),
        conversation_row("c", "q", "a", language="en"),
    ]
    assert write_table(tmp_path / "table.parquet", iter(rows), CONVERSATION_SCHEMA) == 3
    assert list(read_table(tmp_path / "table.parquet")) == rows


def test_a_table_without_rows_keeps_its_columns(tmp_path):
    assert write_table(tmp_path / "table.parquet", [], TEXT_SCHEMA) == 0
    assert list(read_table(tmp_path / "table.parquet")) == []
    assert pq.read_schema(tmp_path / "table.parquet").equals(TEXT_SCHEMA)


def test_columns_can_be_chosen(tmp_path):
    write_table(tmp_path / "table.parquet", [text_row("a", "甲")], TEXT_SCHEMA)
    assert list(read_table(tmp_path / "table.parquet", columns=["id"])) == [{"id": "a"}]


@pytest.mark.parametrize("row", [text_row("a", "甲" * 100), conversation_row("a", "甲" * 50, "乙" * 50)])
def test_a_group_ends_with_its_characters(tmp_path, monkeypatch, row):
    monkeypatch.setattr("belle.data.tables.CHARACTERS_PER_GROUP", 250)
    schema = TEXT_SCHEMA if "text" in row else CONVERSATION_SCHEMA
    assert write_table(tmp_path / "table.parquet", [row] * 7, schema) == 7
    metadata = pq.read_metadata(tmp_path / "table.parquet")
    assert [metadata.row_group(group).num_rows for group in range(metadata.num_row_groups)] == [3, 3, 1]


def test_many_rows_are_written_in_groups_and_to_the_same_bytes(tmp_path):
    for name in ("one", "other"):
        write_table(tmp_path / name, (text_row(str(number), "甲") for number in range(25_000)), TEXT_SCHEMA)
    assert pq.ParquetFile(tmp_path / "one").num_row_groups == 3
    written = contents(tmp_path)
    assert written["one"] == written["other"]


@pytest.mark.parametrize("kind", ["conversation", "text"])
def test_long_texts_make_smaller_groups(tmp_path, monkeypatch, kind):
    monkeypatch.setattr("belle.data.tables.CHARACTERS_PER_GROUP", 1000)
    make, schema = (conversation_row, CONVERSATION_SCHEMA) if kind == "conversation" else (text_row, TEXT_SCHEMA)
    rows = [make(str(number), "长" * (600 if number % 2 else 10)) for number in range(10)]
    assert write_table(tmp_path / "table.parquet", rows, schema) == 10
    assert pq.ParquetFile(tmp_path / "table.parquet").num_row_groups == 3
    assert list(read_table(tmp_path / "table.parquet")) == rows


@pytest.mark.parametrize(("folder", "stage"), [("clean", "clean"), ("raw", "download_data")])
@pytest.mark.parametrize("content", [None, b"", b"PAR1 and no more"])
def test_a_missing_or_truncated_table_names_the_stage_to_run(tmp_path, folder, stage, content):
    path = tmp_path / folder / "texts.parquet"
    path.parent.mkdir()
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(UserError, match=rf"{folder}/texts\.parquet: .*dvc repro {stage}"):
        list(read_table(path))


def test_a_flipped_bit_in_the_rows_is_an_error_and_never_gives_other_rows(tmp_path):
    path = tmp_path / "clean" / "texts.parquet"
    path.parent.mkdir()
    rows = [text_row(f"row-{number}", f"第{number}句") for number in range(200)]
    write_table(path, rows, TEXT_SCHEMA)
    content, column = path.read_bytes(), pq.read_metadata(path).row_group(0).column(3)
    start, length, noticed = column.data_page_offset, column.total_compressed_size, 0
    for at in range(start - length // 2, start + length // 2, 20):
        path.write_bytes(content[:at] + bytes([content[at] ^ 4]) + content[at + 1 :])
        try:
            assert list(read_table(path)) == rows, f"byte {at}"
        except UserError as error:
            assert str(error).endswith("; run `dvc repro clean`")
            noticed += 1
    assert noticed > length // 20 * 0.8
