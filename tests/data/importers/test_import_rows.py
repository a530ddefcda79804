"""Rows of the tables of data/raw: ids, languages, columns of other names, prepared conversations."""

import pytest

from belle.config.data import DataDownload
from belle.data.importers.convert import MalformedRows
from belle.data.importers.import_rows import file_tables, import_rows
from belle.errors import UserError
from factories import conversation, text_row, write_json_lines

ROW = {"instruction": "q", "output": "a"}
HTML = "<div><p>one</p></div>"


def profile(form: str, **keys) -> DataDownload:
    source = {"kind": "path", "path": "inputs/x"}
    return DataDownload.model_validate({"source": source, "format": form, "language": "en", **keys})


def imported(form: str, *records, malformed: MalformedRows | None = None, **keys) -> list[dict]:
    return list(import_rows(iter([("a.jsonl", records)]), "src", profile(form, **keys), malformed))


def test_numbers_run_through_all_files_and_own_ids_stay_visible(tmp_path):
    write_json_lines(tmp_path / "b.jsonl", ROW, {**ROW, "id": 7})
    write_json_lines(tmp_path / "a.jsonl", {**ROW, "id": "x/1"}, {**ROW, "id": "x/1"})
    rows = import_rows(file_tables(tmp_path), "src", profile("belle"))
    assert [row["id"] for row in rows] == ["src-1/x/1", "src-2/x/1", "src-3", "src-4/7"]


def test_the_category_is_kept_and_the_language_is_that_of_the_profile():
    first, second, third = imported(
        "belle", {**ROW, "language": "zh", "category": "Open QA"}, ROW, {**ROW, "category": ""}
    )
    assert (first["category"], second["category"], third["category"]) == ("Open QA", None, None)
    assert first["language"] == "en"
    assert first["source"] == "src"


def test_own_tables_keep_their_language():
    rows = imported("conversations", {"messages": [], "language": "zh"}, {"messages": []})
    assert [row["language"] for row in rows] == ["zh", "en"]


def test_texts_are_rows_of_their_own_table():
    assert imported("text", {"text": "甲"}) == [text_row("src-1", "甲", source="src", language="en")]


@pytest.mark.parametrize(("own", "kind"), [(True, "true or false"), (1.5, "number"), ([1], "list")])
def test_an_id_is_a_string_or_an_integer(own, kind):
    with pytest.raises(UserError, match=rf"a\.jsonl: row 2: key 'id': .*{kind}"):
        imported("text", {"text": "x"}, {"text": "x", "id": own})


def test_columns_of_other_names_are_read_for_the_keys_of_the_format():
    columns = {"instruction": "question", "output": "answer", "input": "context", "id": "number"}
    # a key that is mapped comes from its column alone
    record = {"question": "问", "answer": "答", "number": 7, "instruction": "no", "input": "no"}
    (row,) = imported("alpaca", record, columns=columns)
    assert (row["id"], row["messages"]) == ("src-1/7", conversation("问", "答"))
    (row,) = imported("sharegpt", {"items": [{"from": "human", "value": "问"}]}, columns={"conversations": "items"})
    assert row["messages"] == conversation("问")
    with pytest.raises(
        UserError, match=r"row 1: key 'instruction' is missing; the row has 'prompt', 'answer', 'output'"
    ):
        imported("alpaca", {"prompt": "问", "answer": "答"}, columns=columns)


def test_answers_in_html_become_markdown_where_the_profile_says_so():
    record = {"messages": conversation(HTML, HTML, system=HTML)}
    assert imported("openai", record)[0]["messages"] == conversation(HTML, HTML, system=HTML)
    assert imported("openai", record, html_to_markdown=True)[0]["messages"] == conversation(HTML, "one", system=HTML)


def test_a_conversation_that_is_cut_is_several_rows():
    long = {"id": "x", "category": "c", "messages": conversation("q1", "a1", "q2", "a2", "q3", "a3")}
    rows = imported("openai", long, {"messages": conversation("q", "a")}, split_long={"max_turns": 2})
    assert [row["id"] for row in rows] == ["src-1/x#1", "src-1/x#2", "src-2"]
    assert [row["messages"] for row in rows] == [
        conversation("q1", "a1", "q2", "a2"), conversation("q3", "a3"), conversation("q", "a"),
    ]  # fmt: skip
    assert {row["category"] for row in rows[:2]} == {"c"}


def test_rows_that_are_tolerated_keep_the_numbers_of_the_others():
    malformed = MalformedRows(1)
    assert [row["id"] for row in imported("belle", ROW, {"output": "a"}, ROW, malformed=malformed)] == [
        "src-1",
        "src-3",
    ]
    assert [(row["row"], row["text"]) for row in malformed.rows] == [(2, '{"output": "a"}')]
