import numpy as np
import pytest

from belle.clean.clean import DROPPED_SCHEMA
from belle.data.tables import CONVERSATION_SCHEMA, TEXT_SCHEMA, write_table
from belle.data_card import batches as reading
from belle.data_card import measure
from belle.data_card.measure import measure_conversations, measure_dropped, measure_texts
from clean_tables import dropped_row
from factories import conversation_row, text_row

ROWS = [
    conversation_row("a-1", "一二三", "四五", source="a", category="math"),
    conversation_row("a-2", "一二三四", "五", "六", "七八", system="系统", source="a"),
    conversation_row("b-1", "Write a poem", "ok", source="b", language="en"),
    conversation_row("b-2", "", "👩‍👧", source="b", language="en"),
]


@pytest.fixture(params=[1, 3, 100])
def batches(request, monkeypatch):
    """The same counts are expected however the rows are cut."""
    monkeypatch.setattr(reading, "ROWS_PER_BATCH", request.param)


def test_conversations(tmp_path, batches):
    write_table(tmp_path / "table", ROWS, CONVERSATION_SCHEMA)
    kept = measure_conversations(tmp_path / "table")
    assert kept.rows == {("a", "zh", "math", 1): 1, ("a", "zh", None, 2): 1, ("b", "en", None, 1): 2}
    found = {source: {part: dict(one.counts) for part, one in parts.items()} for source, parts in kept.lengths.items()}
    assert found == {
        "a": {"question": {1: 1, 3: 1, 4: 1}, "answer": {1: 1, 2: 2}, "conversation": {5: 1, 10: 1}},
        # code points: the family of two is three
        "b": {"question": {0: 1, 12: 1}, "answer": {2: 1, 3: 1}, "conversation": {3: 1, 14: 1}},
    }
    assert {language: words.instructions for language, words in kept.words.items()} == {"zh": 2, "en": 2}
    assert kept.words["en"].verbs == {"write": 1}
    assert set(kept.examples.rows) == {"a", "b"}


def test_instructions_are_a_sample_of_a_large_table(tmp_path, monkeypatch):
    monkeypatch.setattr(measure, "INSTRUCTIONS_READ", 100)
    rows = [conversation_row(f"a-{number}", "写诗", "好") for number in range(2_000)]
    write_table(tmp_path / "table", rows, CONVERSATION_SCHEMA)
    assert abs(measure_conversations(tmp_path / "table").words["zh"].instructions - 100) < 40


def test_texts(tmp_path, batches):
    rows = [text_row("t-1", "一二", "x"), text_row("t-2", "一二三", "y"), text_row("t-3", "四", "y", language="en")]
    write_table(tmp_path / "table", rows, TEXT_SCHEMA)
    kept = measure_texts(tmp_path / "table")
    assert kept.rows == {("x", "zh", None, None): 1, ("y", "zh", None, None): 1, ("y", "en", None, None): 1}
    assert {source: dict(parts["text"].counts) for source, parts in kept.lengths.items()} == {
        "x": {2: 1},
        "y": {1: 1, 3: 1},
    }


def test_dropped_rows(tmp_path, batches):
    rows = [dropped_row(f"d-{number}", "empty", category="math") for number in range(5)]
    rows += [dropped_row("t-1", "empty", table="texts"), dropped_row("d-9", "duplicate", match="a-1", similarity=0.75)]
    write_table(tmp_path / "table", rows, DROPPED_SCHEMA)
    dropped = measure_dropped(tmp_path / "table")
    assert dropped.rows == {
        ("conversations", "test", "empty", "zh", "math"): 5,
        ("texts", "test", "empty", "zh", None): 1,
        ("conversations", "test", "duplicate", "zh", None): 1,
    }
    ((_, example),) = dropped.examples.rows["conversations", "duplicate"]
    assert (example["match"], example["similarity"]) == ("a-1", 0.75)
    assert len(dropped.examples.rows["conversations", "empty"]) == measure.EXAMPLES_DROPPED


def test_empty_tables(tmp_path):
    write_table(tmp_path / "table", [], CONVERSATION_SCHEMA)
    kept = measure_conversations(tmp_path / "table")
    assert not kept.rows and not kept.lengths and not kept.words
    assert measure._sums(np.array([], int), np.array([], int)).tolist() == []
