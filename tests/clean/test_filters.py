import pytest

from belle.clean.decisions import decide
from belle.clean.filters import duplicate
from belle.clean.filters.contamination import ContaminatedConversation, ContaminatedText
from belle.clean.filters.length import TooLong, TooShort
from belle.clean.filters.malformed import Empty, Malformed
from belle.clean.table_specs import CONVERSATIONS_SPEC, REASONS, TEXTS_SPEC
from belle.config.clean import CleanParams
from belle.data.tables import CONVERSATION_SCHEMA, TEXT_SCHEMA, write_table
from belle.libraries.daft_setup import daft

QUESTIONS = {"中国的首都是哪里": "q1", "2+3等于多少": "q2", "你好": "q3", "whatisai": "q4"}


def check_rule(path, filter, row, expected):
    """Judge one row (a text, or the (role, content) pairs of a conversation) with one filter.

    `expected`: the match if the filter drops the row with one, True if it drops it without, False if it stays.
    """
    spec, schema = (TEXTS_SPEC, TEXT_SCHEMA) if isinstance(row, str) else (CONVERSATIONS_SPEC, CONVERSATION_SCHEMA)
    content = row if spec is TEXTS_SPEC else [{"role": role, "content": content} for role, content in row]
    rows = [{"id": "row", "source": "test", "language": "zh", "category": None, spec.column: content}]
    write_table(path, [{name: rows[0][name] for name in schema.names}], schema)
    (decisions,) = decide(path, spec.messages, [filter], duplicates=False).to_pylist()
    reason, match = (filter.reason if expected else None), (expected if isinstance(expected, str) else None)
    assert decisions == {"id": "row", "reason": reason, "match": match}


def talk(*contents, system=None):
    """A well-formed conversation as (role, content) pairs."""
    roles = ["user", "assistant"] * len(contents)
    return ([("system", system)] if system is not None else []) + list(zip(roles, contents, strict=False))


@pytest.mark.parametrize(
    ("roles", "dropped"),
    [
        ("user assistant", False),
        ("system user assistant", False),
        ("user assistant user assistant", False),
        ("", True),
        ("user", True),
        ("assistant user", True),
        ("system assistant", True),
        ("user assistant user", True),
        ("user user assistant", True),
        ("user assistant assistant", True),
        ("user system assistant", True),
        ("user tool assistant", True),
        ("User Assistant", True),
    ],
)
def test_malformed(tmp_path, roles, dropped):
    check_rule(tmp_path / "t", Malformed(), [(role, "x") for role in roles.split()], dropped)


@pytest.mark.parametrize(
    ("row", "dropped"),
    [
        (talk("a", "b"), False),
        (talk("a", ""), True),
        (talk("\u3000\r\n", "b"), True),
        (talk("a", "\u200b"), True),
        (talk("a", "b", system=" "), True),
        (talk("a", "b", "c", None), True),
        ("x", False),
        (" \ufeff", True),
    ],
)
def test_empty(tmp_path, row, dropped):
    check_rule(tmp_path / "t", Empty(), row, dropped)


@pytest.mark.parametrize(
    ("row", "dropped"),
    [
        (talk("你好吗", "我很好"), False),
        (talk("你好", "我很好"), True),
        (talk("你好吗", "  好  "), True),
        (talk("你好吗", "我很好", system="S"), False),
        ("三个字", False),
        ("😀😀", True),
    ],
)
def test_too_short(tmp_path, row, dropped):
    check_rule(tmp_path / "t", TooShort(3), row, dropped)


@pytest.mark.parametrize(
    ("row", "dropped"),
    [
        (talk("你好吗", "我很好"), False),
        (talk("你好吗", "我很好啊"), True),
        (talk("你好吗", "我很好  "), False),
        (talk("你好吗", "我很好", system="S"), True),
    ],
)
def test_too_long(tmp_path, row, dropped):
    check_rule(tmp_path / "t", TooLong(6), row, dropped)


@pytest.mark.parametrize(
    ("row", "expected"),
    [
        (talk("中国的首都是哪里？", "北京"), "q1"),
        (talk("中国 的首都，是哪里", "北京"), "q1"),
        (talk("ＷＨＡＴ　ＩＳ　ａｉ？", "..."), "q4"),
        (talk("你好！", "好"), "q3"),
        (talk("x", "y", "２＋３等于多少？", "5"), "q2"),
        (talk("请问中国的首都是哪里？", "北京"), False),
        (talk("12+3等于多少", "15"), False),
        (talk("x", "中国的首都是哪里？"), False),
        (talk("x", "y", system="中国的首都是哪里？"), False),
    ],
)
def test_evaluation_question(tmp_path, row, expected):
    check_rule(tmp_path / "t", ContaminatedConversation(QUESTIONS), row, expected)


@pytest.mark.parametrize(
    ("row", "expected"),
    [
        ("问：中国的首都，是哪里？答：北京。", "q1"),
        ("So: Ｗｈａｔ is\nAI?", "q4"),
        ("算式２＋３等于多少", "q2"),
        ("你好", "q3"),
        ("12+3等于多少", False),
        ("他说你好。", False),
        ("中国的首都是北京", False),
        ("", False),
    ],
)
def test_evaluation_text(tmp_path, row, expected):
    check_rule(tmp_path / "t", ContaminatedText(QUESTIONS), row, expected)


def test_the_first_reason_in_order_wins(tmp_path):
    write_table(tmp_path / "t", [{"id": "a", "messages": []}], CONVERSATION_SCHEMA)
    for filters, reason in (([Malformed(), TooLong(1)], "malformed"), ([TooLong(1), Malformed()], "malformed")):
        assert decide(tmp_path / "t", daft.col("messages"), filters, True)["reason"].to_pylist() == [reason]
    long = [{"id": "a", "messages": [{"role": "user", "content": "xx"}]}]
    write_table(tmp_path / "t", long, CONVERSATION_SCHEMA)
    for filters, reason in (([Malformed(), TooLong(1)], "malformed"), ([TooLong(1), Malformed()], "too_long")):
        assert decide(tmp_path / "t", daft.col("messages"), filters, True)["reason"].to_pylist() == [reason]


@pytest.mark.parametrize("spec", [CONVERSATIONS_SPEC, TEXTS_SPEC])
def test_every_reason_is_counted_and_in_order(spec):
    params = CleanParams(min_characters=1, max_characters=1, drop_duplicates=True, decontaminate=True)
    reasons = [*(filter.reason for filter in spec.filters(params, {})), duplicate.REASON]
    assert reasons == [reason for reason in REASONS if reason in reasons]
