import pytest

from belle.clean.decisions import decide
from belle.clean.filters.contamination import ContaminatedText
from belle.clean.filters.length import TooLong
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
    assert decide(tmp_path / "table", daft.col("messages"), filters, True)["reason"].to_pylist() == [reason]


@pytest.mark.parametrize("filters", [[Malformed(), TooLong(1)], [TooLong(1), Malformed()]])
def test_a_conversation_without_messages_has_no_length(tmp_path, filters):
    write_table(tmp_path / "table", [conversation_row("a")], CONVERSATION_SCHEMA)
    assert decide(tmp_path / "table", daft.col("messages"), filters, True)["reason"].to_pylist() == ["malformed"]


def test_decisions_come_in_the_order_of_the_table(tmp_path):
    rows = [text_row("c", "问题甲乙丙丁"), text_row("a", ""), text_row("b", "好")]
    write_table(tmp_path / "table", rows, TEXT_SCHEMA)
    decisions = decide(tmp_path / "table", TEXTS_SPEC.messages, [Empty(), ContaminatedText({"好": "q"})], False)
    assert decisions.to_pylist() == [
        {"id": "c", "reason": None, "match": None},
        {"id": "a", "reason": "empty", "match": None},
        {"id": "b", "reason": "contaminated", "match": "q"},
    ]
