"""Messages of each format, against conversations written by hand."""

import pytest

from belle.config.data import Format
from belle.data.importers.fields import RowError
from belle.data.importers.formats import IMPORTERS


def user(content):
    return {"role": "user", "content": content}


def assistant(content):
    return {"role": "assistant", "content": content}


CASES = {
    "alpaca": [
        ({"instruction": "翻译", "input": "hello", "output": "你好"}, [user("翻译\nhello"), assistant("你好")]),
        ({"instruction": "翻译", "input": "", "output": "你好"}, [user("翻译"), assistant("你好")]),
        ({"instruction": "翻译", "output": "\n你好 "}, [user("翻译"), assistant("\n你好 ")]),
    ],
    "belle": [
        ({"instruction": "翻译：", "input": "hello", "output": "你好"}, [user("翻译：hello"), assistant("你好")]),
        ({"instruction": "翻译", "input": None, "output": ""}, [user("翻译"), assistant("")]),
        ({"input": "旧的", "target": "格式"}, [user("旧的"), assistant("格式")]),
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
            [
                {"role": "system", "content": "s"},
                user("q"),
                assistant("a"),
                user("q2"),
                assistant("a2"),
                assistant("a3"),
            ],
        ),
        ({"conversations": []}, []),
    ],
    "belle-multiturn": [
        (
            {"instruction": "Human:你好\nAssistant:您好！\nHuman:再见\nAssistant:", "input": "", "output": "再见！"},
            [user("你好"), assistant("您好！"), user("再见"), assistant("再见！")],
        ),
        (
            {"instruction": "Human:a\nb\n\nAssistant: c\nd\nHuman:e\nAssistant:\n", "output": "f"},
            [user("a\nb\n"), assistant(" c\nd"), user("e"), assistant("\nf")],
        ),
        ({"instruction": "Human:q", "output": "a"}, [user("q"), assistant("a")]),
        ({"instruction": "Human:q\nAssistant:从前", "output": "有座山"}, [user("q"), assistant("从前有座山")]),
        (
            {"instruction": "Human:续写：\nHuman:甲\nAssistant:", "output": "乙\nHuman:丙"},
            [user("续写：\nHuman:甲"), assistant("乙\nHuman:丙")],
        ),
        (
            {"instruction": "Human:说 Assistant: 这个词\nAssistant:", "output": "好"},
            [user("说 Assistant: 这个词"), assistant("好")],
        ),
    ],
    "openai": [
        (
            {"messages": [{"role": "system", "content": "s"}, {"role": "user", "content": "q"}]},
            [{"role": "system", "content": "s"}, user("q")],
        )
    ],
    "conversations": [({"messages": [user("q"), assistant("a")]}, [user("q"), assistant("a")])],
}


@pytest.mark.parametrize(
    ("form", "record", "messages"),
    [(form, record, messages) for form, cases in CASES.items() for record, messages in cases],
)
def test_messages(form, record, messages):
    assert IMPORTERS[form](record) == messages


def test_every_format_of_the_schema_has_an_importer_and_a_case():
    assert set(IMPORTERS) | {"text"} == set(Format.__args__)
    assert set(CASES) == set(IMPORTERS)


@pytest.mark.parametrize(
    ("form", "record", "message"),
    [
        ("alpaca", {"instruction": "q"}, "key 'output' is missing; the row has 'instruction'"),
        ("belle", {"output": "a"}, "key 'instruction' is missing"),
        ("belle", {"instruction": 1, "output": "a"}, "key 'instruction': expected a string, found int"),
        ("belle", {"instruction": "q", "output": None}, "key 'output': expected a string, found NoneType"),
        ("belle", {"instruction": "q\ud83d", "output": "a"}, "key 'instruction': holds half of a surrogate pair"),
        ("sharegpt", {"conversations": "x"}, "key 'conversations': expected a list of mappings, found str"),
        ("sharegpt", {"conversations": [{"value": "x"}]}, "key 'from' is missing"),
        ("belle-multiturn", {"instruction": "你好", "output": "x"}, "a history that begins with 'Human:'"),
        ("belle-multiturn", {"instruction": "背景\nHuman:你好", "output": "x"}, "begins with 'Human:'"),
        ("belle-multiturn", {"instruction": "", "output": "x"}, "begins with 'Human:'"),
        ("openai", {"messages": [{"role": "tool", "content": "x"}]}, "key 'role': unknown role 'tool'; known roles"),
        ("openai", {"messages": [{"role": "user", "content": []}]}, "key 'content': expected a string, found list"),
    ],
)
def test_rows_that_do_not_fit(form, record, message):
    with pytest.raises(RowError, match=message):
        IMPORTERS[form](record)
