"""Messages of each format, against conversations written by hand."""

import pytest

from belle.config.data import FORMAT_KEYS, Format
from belle.data.importers.formats import IMPORTERS
from belle.data.importers.records import RowError
from factories import conversation, message

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
        ({"instruction": None, "input": "旧的", "target": "格式", "output": None}, conversation("旧的", "格式")),
        ({"instruction": "新的", "input": "", "output": "格式", "target": None}, conversation("新的", "格式")),
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
    assert set(FORMAT_KEYS) == set(Format.__args__)


@pytest.mark.parametrize("form", CASES)
def test_no_other_keys_are_read_than_a_column_may_be_named_for(form):
    for record, messages in CASES[form]:
        assert IMPORTERS[form]({key: record[key] for key in record if key in FORMAT_KEYS[form]}) == messages


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
