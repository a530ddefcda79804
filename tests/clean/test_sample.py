import pytest

from belle.clean import sample
from belle.clean.sample import sampled_texts
from belle.clean.table_specs import CONVERSATIONS_SPEC, TEXTS_SPEC
from belle.data.tables import CONVERSATION_SCHEMA, TEXT_SCHEMA, write_table
from factories import conversation_row, text_row


@pytest.mark.parametrize(("limit", "expected"), [(100, range(7)), (4, range(0, 7, 2)), (1, [0])])
def test_rows_are_spread_evenly(tmp_path, monkeypatch, limit, expected):
    monkeypatch.setattr(sample, "SAMPLE", limit)
    monkeypatch.setattr(sample, "ROWS_AT_ONCE", 3)
    write_table(tmp_path / "texts", [text_row(str(row), f" 第{row}行\r\n") for row in range(7)], TEXT_SCHEMA)
    assert list(sampled_texts(TEXTS_SPEC, tmp_path / "texts")) == [f"第{row}行" for row in expected]


def test_the_messages_of_a_conversation_are_joined(tmp_path):
    write_table(tmp_path / "table", [conversation_row("a", "问 ", "答"), conversation_row("b")], CONVERSATION_SCHEMA)
    assert list(sampled_texts(CONVERSATIONS_SPEC, tmp_path / "table")) == ["问\n答", ""]


def test_an_empty_table_has_none(tmp_path):
    write_table(tmp_path / "table", [], TEXT_SCHEMA)
    assert list(sampled_texts(TEXTS_SPEC, tmp_path / "table")) == []
