import pytest

from belle.data_card.words import WORDS_SHOWN, Words, chinese_words, spaced_words


@pytest.mark.parametrize(
    ("instruction", "verb"),
    [
        ("写一首关于春天的诗", "写"),
        ("请帮我写一封信", "写"),
        ("生成一个列表", "生成"),
        ("请问如何提高写作能力？", "提高"),
        ("把下面的句子翻译成英文：我很高兴", "翻译"),
        ("你好", None),
        ("", None),
    ],
)
def test_the_leading_verb_of_a_chinese_instruction(instruction, verb):
    assert chinese_words(instruction)[0] == verb


@pytest.mark.parametrize(
    ("instruction", "verb"),
    [
        ("Write a poem", "write"),
        ("Can you please TRANSLATE this", "translate"),
        ("What is 3 + 4?", "what"),
        ("3 + 4 = ?", None),
    ],
)
def test_the_leading_word_of_an_english_instruction(instruction, verb):
    assert spaced_words(instruction)[0] == verb


def test_topics_are_nouns_and_words_with_a_meaning():
    assert chinese_words("写一首关于春天的诗歌，春天很美")[1] == ["诗歌"]
    assert spaced_words("Write a poem about the sea's colours")[1] == ["write", "poem", "sea's", "colours"]


def test_a_topic_counts_once_per_instruction_and_ties_are_in_order():
    words = Words()
    for instruction in ("poem poem sea", "sea air", "zoo"):
        words.add(instruction, "en")
    summary = words.summary()
    assert summary["instructions"] == 3
    assert list(summary["topics"].items()) == [("sea", 2), ("air", 1), ("poem", 1), ("zoo", 1)]


def test_only_the_most_frequent_are_kept_and_only_the_beginning_is_read():
    words = Words()
    for number in range(50):
        words.add("x" * (3 + number), "en")
    words.add(" " * 300 + "unread", "en")
    assert len(words.summary()["topics"]) == WORDS_SHOWN
    assert "unread" not in words.topics
