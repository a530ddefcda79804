import pytest

from belle.clean.decisions import decide
from belle.clean.decontamination.conversations import ContaminatedConversation
from belle.clean.question_keys import question_keys
from belle.data.tables import CONVERSATION_SCHEMA, write_table
from belle.libraries.daft_setup import daft
from factories import clean_params, conversation, conversation_row, question

LONG = (
    "小明的妈妈从超市买回来一篮子水果，里面有苹果、香蕉和橙子。请你根据这段话写一个关于分享的小故事，要求语言生动活泼。"
)
ENGLISH = (
    "Write a short story about a young girl who finds a lost puppy near the river and brings it back to its owner."
)
QUESTIONS = {
    "q1": "中国的首都是哪里？",
    "q2": "2+3等于多少",
    "q3": "你好",
    "q4": "What is AI?",
    "q5": LONG,
    "q6": ENGLISH,
    "q8": "写一个函数计算17和28的平均数，并打印结果",
    "q7": "讨论计算a*b的导数的方法和它们的优缺点",
}


def found(folder, messages, **params):
    """Question, how it was found, and the similarity; None for a kept conversation."""
    questions = [question(identity, text) for identity, text in QUESTIONS.items()]
    one = ContaminatedConversation.create(clean_params(decontaminate=params), question_keys(questions, simplify=False))
    write_table(folder / "table.parquet", [conversation_row("a") | {"messages": messages}], CONVERSATION_SCHEMA)
    (decision,) = decide(folder / "table.parquet", daft.col("messages"), [one], None).to_pylist()
    assert decision["reason"] == ("contaminated" if decision["match"] else None)
    return decision["match"] and (decision["match"], decision["detail"], round(decision["similarity"], 2))


@pytest.mark.parametrize(
    ("turn", "expected"),
    [
        ("中国的首都是哪里？", ("q1", "exact", 1.0)),
        ("中国 的首都，是哪里", ("q1", "exact", 1.0)),
        ("ＷＨＡＴ　ＩＳ　ａｉ？", ("q4", "exact", 1.0)),
        ("你好！", ("q3", "exact", 1.0)),
        ("２＋３等于多少？", ("q2", "exact", 1.0)),
        (LONG.replace("生动活泼", "生动有趣"), ("q5", "near", 0.92)),
        (ENGLISH.replace("lost", "small"), ("q6", "near", 0.75)),
        (f"共有5个问题，{LONG}"[:-1] + "10", ("q5", "near", 0.88)),
        (f"请认真完成下面的任务，谢谢！{LONG}不少于五百字，分成三段来写。", ("q5", "n-gram", 1.0)),
        (
            f"{ENGLISH} Use simple words, so that children who have just learned to read can follow.",
            ("q6", "n-gram", 1.0),
        ),
        ("请问你知道中国的首都是哪里吗？", ("q1", "n-gram", 1.0)),
    ],
)
def test_a_user_turn_that_is_resembles_or_holds_a_question_is_dropped(tmp_path, turn, expected):
    assert found(tmp_path, conversation(turn, "答", "另一个问题", "答"), near=0.7) == expected
    assert found(tmp_path, conversation("x", "y", turn, "答"), near=0.7) == expected


@pytest.mark.parametrize(
    "messages",
    [
        conversation("12+3等于多少", "15"),
        conversation("2-3等于多少", "-1"),
        conversation("讨论计算a/b的导数的方法和它们的优缺点", "…"),
        conversation("x", "中国的首都是哪里？"),
        conversation("x", "y", system="中国的首都是哪里？"),
        conversation("他说你好", "好"),
        conversation("What are the uses of AI in medicine?", "…"),
        conversation("请你写一个关于分享的小故事", "…"),
        conversation("写一个函数计算17和29的平均数，并打印结果", "…"),
    ],
)
def test_other_conversations_are_kept(tmp_path, messages):
    assert found(tmp_path, messages) is None


def test_each_way_can_be_switched_off(tmp_path):
    longer = f"请认真完成下面的任务，谢谢！{LONG}不少于五百字，分成三段来写。"
    off = {"exact": False, "near": None, "ngram": None}
    assert found(tmp_path, conversation(longer, "答"), **off | {"near": 0.5}) == ("q5", "near", 0.68)
    assert found(tmp_path, conversation(longer, "答"), **off | {"exact": True}) is None
    assert found(tmp_path, conversation(LONG, "答"), **off | {"ngram": 8}) == ("q5", "n-gram", 1.0)
    assert ContaminatedConversation.create(clean_params(decontaminate=off), {}) is None


def test_more_overlap_finds_less(tmp_path):
    half = "前面的话" * 5 + LONG[:40]
    assert found(tmp_path, conversation(half, "答"), overlap=0.5) == ("q5", "n-gram", 0.67)
    assert found(tmp_path, conversation(half, "答"), overlap=0.7) is None
