"""Messages of each format, against conversations written by hand, and the rows of the tables that hold them."""

import pytest

from belle.config.data import Format
from belle.data.importers.formats import IMPORTERS, import_rows
from belle.data.importers.records import RowError
from belle.errors import UserError
from factories import conversation, message, text_row, write_json_lines

CASES = {
    "alpaca": [
        ({"instruction": "翻译", "input": "hello", "output": "你好"}, conversation("翻译\nhello", "你好")),
        ({"instruction": "翻译", "input": "", "output": "你好"}, conversation("翻译", "你好")),
        ({"instruction": "翻译", "output": "\n你好 "}, conversation("翻译", "\n你好 ")),
    ],
    "belle": [
        ({"instruction": "翻译：", "input": "hello", "output": "你好"}, conversation("翻译：hello", "你好")),
        ({"instruction": "翻译", "input": None, "output": ""}, conversation("翻译", "")),
        ({"input": "旧的", "target": "格式"}, conversation("旧的", "格式")),
    ],
    "sharegpt": [
        (
            {
                "conversations": [
                    {"from": "system", "value": "s"},
                    {"from": "Human", "value": "q"},
                    {"from": "gpt", "value": "a"},
                    {"from": "user", "value": "q2"},
                    {"from": "bard", "value": "a2"},
                    {"from": "assistant", "value": "a3"},
                ]
            },
            [*conversation("q", "a", "q2", "a2", system="s"), message("assistant", "a3")],
        ),
        ({"conversations": []}, []),
    ],
    "belle-multiturn": [
        (
            {"instruction": "Human:你好\nAssistant:您好！\nHuman:再见\nAssistant:", "input": "", "output": "再见！"},
            conversation("你好", "您好！", "再见", "再见！"),
        ),
        (
            {"instruction": "Human:a\nb\n\nAssistant: c\nd\nHuman:e\nAssistant:\n", "output": "f"},
            conversation("a\nb\n", " c\nd", "e", "\nf"),
        ),
        ({"instruction": "Human:q", "output": "a"}, conversation("q", "a")),
        ({"instruction": "Human:q\nAssistant:从前", "output": "有座山"}, conversation("q", "从前有座山")),
        (
            {"instruction": "Human:续写：\nHuman:甲\nAssistant:", "output": "乙\nHuman:丙"},
            conversation("续写：\nHuman:甲", "乙\nHuman:丙"),
        ),
        (
            {"instruction": "Human:说 Assistant: 这个词\nAssistant:", "output": "好"},
            conversation("说 Assistant: 这个词", "好"),
        ),
    ],
    "openai": [({"messages": conversation("q", system="s")}, conversation("q", system="s"))],
    "conversations": [({"messages": conversation("q", "a")}, conversation("q", "a"))],
}


@pytest.mark.parametrize(
    ("form", "record", "messages"),
    [(form, record, messages) for form, cases in CASES.items() for record, messages in cases],
)
def test_a_record_becomes_messages(form, record, messages):
    assert IMPORTERS[form](record) == messages


def test_every_format_of_a_profile_has_an_importer_and_a_case():
    assert set(IMPORTERS) | {"text"} == set(Format.__args__)
    assert set(CASES) == set(IMPORTERS)


@pytest.mark.parametrize(
    ("form", "record", "key", "problem"),
    [
        ("alpaca", {"instruction": "q"}, "output", "missing.*'instruction'"),
        ("belle", {"output": "a"}, "instruction", "missing"),
        ("sharegpt", {"conversations": "x"}, "conversations", "list.*str"),
        ("sharegpt", {"conversations": [{"value": "x"}]}, "from", "missing"),
        ("belle-multiturn", {"instruction": "你好", "output": "x"}, "instruction", "'Human:'"),
        ("belle-multiturn", {"instruction": "背景\nHuman:你好", "output": "x"}, "instruction", "'Human:'"),
        ("belle-multiturn", {"instruction": "", "output": "x"}, "instruction", "'Human:'"),
        ("openai", {"messages": [message("tool", "x")]}, "role", "'tool'.*system, user, assistant"),
        ("openai", {"messages": [{"role": "user", "content": []}]}, "content", "string.*list"),
    ],
)
def test_a_record_of_another_format_is_refused_by_its_key(form, record, key, problem):
    with pytest.raises(RowError, match=f"^key '{key}'.*{problem}"):
        IMPORTERS[form](record)


def imported(tmp_path, form: str, **files: list[dict]) -> list[dict]:
    for name, rows in files.items():
        write_json_lines(tmp_path / f"{name}.jsonl", *rows)
    return list(import_rows(tmp_path, "src", form, "en"))


def test_numbers_run_through_all_files_and_own_ids_stay_visible(tmp_path):
    row = {"instruction": "q", "output": "a"}
    rows = imported(tmp_path, "belle", b=[row, {**row, "id": 7}], a=[{**row, "id": "x/1"}, {**row, "id": "x/1"}])
    assert [row["id"] for row in rows] == ["src-1/x/1", "src-2/x/1", "src-3", "src-4/7"]


def test_the_category_is_kept_and_the_language_is_that_of_the_profile(tmp_path):
    row = {"instruction": "q", "output": "a", "language": "zh"}
    first, second = imported(tmp_path, "belle", a=[{**row, "category": "Open QA"}, row])
    assert (first["category"], second["category"]) == ("Open QA", None)
    assert first["language"] == "en"
    assert first["source"] == "src"


def test_own_tables_keep_their_language(tmp_path):
    rows = imported(tmp_path, "conversations", a=[{"messages": [], "language": "zh"}, {"messages": []}])
    assert [row["language"] for row in rows] == ["zh", "en"]


def test_texts_are_rows_of_their_own_table(tmp_path):
    rows = imported(tmp_path, "text", a=[{"text": "甲"}])
    assert rows == [text_row("src-1", "甲", source="src", language="en")]


@pytest.mark.parametrize(("own", "kind"), [(True, "true or false"), (1.5, "number"), ([1], "list")])
def test_an_id_is_a_string_or_an_integer(tmp_path, own, kind):
    with pytest.raises(UserError, match=rf"a\.jsonl: row 2: key 'id': .*{kind}"):
        imported(tmp_path, "text", a=[{"text": "x"}, {"text": "x", "id": own}])
