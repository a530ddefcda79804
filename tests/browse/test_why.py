from pathlib import Path

import pytest
from rich.cells import cell_len

from belle.browse.why import explain
from belle.data.tables import CONVERSATION_SCHEMA, CONVERSATIONS, MALFORMED_SCHEMA, write_table
from belle.errors import UserError
from clean_tables import write_clean
from factories import conversation_row


def why(data, capsys, identity) -> list[str]:
    explain(data, identity)
    return capsys.readouterr().out.split("\n")


def test_a_kept_row(data, capsys):
    lines = why(data, capsys, "test-2/own")
    assert lines[1:4] == [
        f"source    test (hub OWNER/NAME {'a' * 40}), row 2",
        "clean     kept, row 1 of data/clean/conversations.parquet; dropped for it: test-10",
        lines[3],
    ]
    assert lines[3].startswith("tokenize  trained on")
    assert lines[5].startswith("user: 改写成被动句")


def test_an_unknown_id_of_a_source_with_unreadable_rows_says_where_they_are(data, capsys):
    lost = {"source": "test", "file": "a.jsonl", "row": 3, "problem": "broken", "text": "{"}
    write_table(data / "raw/conversations.malformed.parquet", [lost], MALFORMED_SCHEMA)
    for identity, is_said in (("test-3", True), ("other-3", False)):
        with pytest.raises(UserError) as error:
            explain(data, identity)
        assert (
            "belle data show --table conversations --source test --reason unreadable" in str(error.value)
        ) is is_said


def test_a_piece_names_the_row_that_it_was_cut_from(data, capsys):
    rows = [conversation_row("test-7#2", "and then?", "the end"), conversation_row("test-8/a#b", "who?", "me")]
    write_clean(Path("data/clean"), rows, [], [])
    assert [why(data, capsys, one)[1][-7:] for one in ("test-7#2", "test-8/a#b")] == [", row 7", ", row 8"]


def test_a_duplicate_with_the_row_it_duplicates(data, capsys):
    lines = why(data, capsys, "test-10")
    assert lines[2] == "clean     dropped: duplicate, matches test-2/own, similarity 0.912"
    kept = lines.index("test-2/own, kept:")
    assert "四斤" in "".join(lines[:kept]) and "三斤" in "".join(lines[kept:])


def test_a_leak_with_the_question(data, capsys):
    lines = why(data, capsys, "test-11")
    assert lines[lines.index("q1, evaluation question:") + 1] == "首都？"


def test_a_match_that_is_gone_says_so(data, capsys):
    assert "test-99, not found here any more:" in why(data, capsys, "test-13")


def test_a_row_whose_text_was_normalized_stands_beside_what_was_imported(data, capsys):
    rows = [
        conversation_row("test-1", "一加一等于几？ ", "2", category="math"),
        conversation_row("test-4", "held out", "yes"),
    ]
    write_table(data / "raw" / CONVERSATIONS, rows, CONVERSATION_SCHEMA)
    lines = why(data, capsys, "test-1")
    assert lines[lines.index("as imported, before its text was normalized:") + 1] == "user: 一加一等于几？ "
    assert not any("as imported" in line for line in why(data, capsys, "test-4"))


def test_texts(data, capsys):
    assert "tokenize  not tokenized here: texts are for extend_vocab and pretrain" in why(data, capsys, "text-1")
    assert "text-1, kept:" in why(data, capsys, "text-2")


def test_without_what_other_stages_wrote(data, capsys):
    (data / "raw/conversations.sources.json").unlink()
    (data / "eval/questions.jsonl").unlink()
    assert why(data, capsys, "test-1")[1] == "source    test, row 1"
    assert "q1, not found here any more:" in why(data, capsys, "test-11")


@pytest.mark.parametrize(
    ("identity", "nearest"),
    [("tets-11", "test-11"), ("test-2", "test-2/own"), ("other-2", "other-1"), ("test-999", "test-1")],
)
def test_an_unknown_id_is_answered_with_the_nearest(data, identity, nearest):
    with pytest.raises(UserError, match=f"no row has the id '{identity}'; most like it: .*{nearest}"):
        explain(data, identity)


@pytest.mark.parametrize("columns", [60, 100, 200])
def test_a_wide_terminal_has_the_two_side_by_side(data, capsys, terminal, monkeypatch, columns):
    monkeypatch.setenv("COLUMNS", str(columns))
    assert any("\x1b[7;31m四" in line for line in why(data, capsys, "test-10"))
    monkeypatch.setenv("PAGER", "more")
    lines = why(data, capsys, "test-10")
    assert max(cell_len(line.rstrip()) for line in lines) <= columns
    assert any("test-10" in line and "test-2/own, kept" in line for line in lines[3:]) == (columns > 80)
    # no sentence is cut off to fit
    assert not any("…" in line for line in lines)
