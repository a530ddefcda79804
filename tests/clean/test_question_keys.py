from belle.clean.question_keys import keys_of, question_keys
from factories import question

QUESTIONS = [question("q1", "你好"), question("q2", "再见"), question("q3", "你好！"), question("q4", "學習")]


def test_equal_questions_keep_the_first_id():
    assert question_keys(QUESTIONS[:3], simplify=False) == {"你好": "q1", "再见": "q2"}


def test_every_question_has_its_key_in_simplified_characters_where_cleaning_writes_them():
    assert keys_of(QUESTIONS, simplify=False) == ["你好", "再见", "你好", "學習"]
    assert keys_of(QUESTIONS, simplify=True) == ["你好", "再见", "你好", "学习"]
