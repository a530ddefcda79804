import pytest

from belle.clean.decontamination.texts import ContaminatedText
from belle.clean.decontamination.within_texts import QuestionsInTexts
from clean.filters.decide_one import decide_one

# comparison key of a question to its id
QUESTIONS = {"中国的首都是哪里": "q1", "2+3等于多少": "q2", "你好": "q3", "what is ai": "q4", "计算a*b的导数": "q5"}


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
    assert decide_one(tmp_path, ContaminatedText(QuestionsInTexts(QUESTIONS)), text) == ("contaminated", question)


@pytest.mark.parametrize("text", ["12+3等于多少", "讨论计算a/b的导数的方法", "他说你好。", "中国的首都是北京", ""])
def test_a_part_of_a_number_or_a_short_question_in_a_text_is_no_contamination(tmp_path, text):
    assert decide_one(tmp_path, ContaminatedText(QuestionsInTexts(QUESTIONS)), text) == (None, None)
