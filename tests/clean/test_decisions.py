import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from belle.clean import decisions
from belle.clean.decisions import BYTES_PER_BATCH, DECISION, decide, in_order, parts, rows_per_batch
from belle.clean.decontamination.texts import ContaminatedText
from belle.clean.decontamination.within_texts import QuestionsInTexts
from belle.clean.filters.length import TooLong, TooShort
from belle.clean.filters.malformed import Empty, Malformed
from belle.clean.table_specs import TEXTS_SPEC
from belle.data.tables import CONVERSATION_SCHEMA, TEXT_SCHEMA, write_table
from belle.libraries.daft_setup import daft
from factories import conversation_row, text_row


@pytest.mark.parametrize(
    ("filters", "reason"), [([Malformed(), TooLong(1)], "malformed"), ([TooLong(1), Malformed()], "too_long")]
)
def test_the_first_filter_that_drops_gives_the_reason(tmp_path, filters, reason):
    write_table(tmp_path / "table", [conversation_row("a", "xx")], CONVERSATION_SCHEMA)
    assert decide(tmp_path / "table", daft.col("messages"), filters, None)["reason"].to_pylist() == [reason]


@pytest.mark.parametrize("filters", [[Malformed(), TooLong(1)], [TooLong(1), Malformed()]])
def test_a_conversation_without_messages_has_no_length(tmp_path, filters):
    write_table(tmp_path / "table", [conversation_row("a")], CONVERSATION_SCHEMA)
    assert decide(tmp_path / "table", daft.col("messages"), filters, None)["reason"].to_pylist() == ["malformed"]


def test_decisions_come_in_the_order_of_the_table(tmp_path):
    rows = [text_row("c", "问题甲乙丙丁"), text_row("a", ""), text_row("b", "好")]
    write_table(tmp_path / "table", rows, TEXT_SCHEMA)
    decisions = decide(
        tmp_path / "table", TEXTS_SPEC.messages, [Empty(), ContaminatedText(QuestionsInTexts({"好": "q"}))], None
    )
    assert decisions["reason"].to_pylist() == [None, "empty", "contaminated"]
    assert decisions["match"].to_pylist() == [None, None, "q"]
    assert decisions.schema == DECISION


def test_batches_follow_the_bytes_of_the_heaviest_rows(tmp_path):
    with pq.ParquetWriter(tmp_path / "table", TEXT_SCHEMA) as writer:
        for characters in (10, 100_000):
            rows = [text_row(f"{characters}-{number}", str(number) * characters) for number in range(50)]
            writer.write_table(pa.Table.from_pylist(rows, TEXT_SCHEMA))
    assert BYTES_PER_BATCH // 250_000 < rows_per_batch(tmp_path / "table") < BYTES_PER_BATCH // 100_000


def test_parts_are_whole_groups_in_order_and_bounded(tmp_path, monkeypatch):
    with pq.ParquetWriter(tmp_path / "table", TEXT_SCHEMA) as writer:
        for group in range(7):
            rows = [text_row(f"{group}-{number}", str(number) * 1000) for number in range(20)]
            writer.write_table(pa.Table.from_pylist(rows, TEXT_SCHEMA))
    assert list(parts(tmp_path / "table")) == [list(range(7))]
    group_bytes = pq.read_metadata(tmp_path / "table").row_group(0).total_byte_size
    for limit, expected in ((3 * group_bytes, [[0, 1, 2], [3, 4, 5], [6]]), (1, [[group] for group in range(7)])):
        monkeypatch.setattr(decisions, "BYTES_PER_PART", limit)
        assert list(parts(tmp_path / "table")) == expected
        found = decide(tmp_path / "table", TEXTS_SPEC.messages, [TooShort(1001)], None)
        assert found["reason"].to_pylist() == [None if number > 9 else "too_short" for number in range(20)] * 7


def test_rows_in_another_order_are_refused(tmp_path):
    write_table(tmp_path / "table", [text_row("a", "甲"), text_row("b", "乙")], TEXT_SCHEMA)
    for ids, problem in ((["b", "a"], "row 0"), (["a"], "1 rows")):
        with pytest.raises(RuntimeError, match=problem):
            list(in_order([pa.record_batch({"id": ids})], tmp_path / "table", 10))
