import pytest

from belle.clean.filters.contamination import ContaminatedConversation, ContaminatedText
from factories import conversation

from .decide_one import decide_one

# comparison key of a question to its id
QUESTIONS = {"中国的首都是哪里": "q1", "2+3等于多少": "q2", "你好": "q3", "whatisai": "q4"}


@pytest.mark.parametrize(
    ("messages", "question"),
    [
        (conversation("中国的首都是哪里？", "北京"), "q1"),
        (conversation("中国 的首都，是哪里", "北京"), "q1"),
        (conversation("ＷＨＡＴ　ＩＳ　ａｉ？", "..."), "q4"),
        (conversation("你好！", "好"), "q3"),
        (conversation("x", "y", "２＋３等于多少？", "5"), "q2"),
    ],
)
def test_a_user_turn_that_is_a_question_of_the_evaluation_set_is_dropped(tmp_path, messages, question):
    assert decide_one(tmp_path, ContaminatedConversation(QUESTIONS), messages) == ("contaminated", question)


@pytest.mark.parametrize(
    "messages",
    [
        conversation("请问中国的首都是哪里？", "北京"),
        conversation("12+3等于多少", "15"),
        conversation("x", "中国的首都是哪里？"),
        conversation("x", "y", system="中国的首都是哪里？"),
    ],
)
def test_other_conversations_are_kept(tmp_path, messages):
    assert decide_one(tmp_path, ContaminatedConversation(QUESTIONS), messages) == (None, None)


@pytest.mark.parametrize(
    ("text", "question"),
    [
        ("问：中国的首都，是哪里？答：北京。", "q1"),
        ("So: Ｗｈａｔ is\nAI?", "q4"),
        ("算式２＋３等于多少", "q2"),
        ("你好", "q3"),
    ],
)
def test_a_text_that_holds_a_question_is_dropped(tmp_path, text, question):
    assert decide_one(tmp_path, ContaminatedText(QUESTIONS), text) == ("contaminated", question)


@pytest.mark.parametrize("text", ["12+3等于多少", "他说你好。", "中国的首都是北京", ""])
def test_a_part_of_a_number_or_a_short_question_in_a_text_is_no_contamination(tmp_path, text):
    assert decide_one(tmp_path, ContaminatedText(QUESTIONS), text) == (None, None)
