import pytest

from belle.score.metrics.chrf import score


@pytest.mark.parametrize(
    ("answer", "reference", "expected"),
    [
        ("我喜欢读书", "我喜欢读书", 1.0),
        ("好", "好", 1.0),
        ("I like tea.", "I like tea.", 1.0),
        ("坏", "好", 0.0),
        ("", "好", 0.0),
        ("好", "", None),
        ("好", " \n", None),
    ],
)
def test_equal_texts_score_1_and_others_without_a_common_character_0(answer, reference, expected):
    assert score(answer, reference) == expected


def test_a_nearer_miss_scores_higher():
    reference = "今天的天气不错"
    assert (
        0 < score("明天下雨了", reference) < score("今天天气很好", reference) < score("今天的天气不错。", reference) < 1
    )


def test_recall_counts_more_than_precision():
    # chrF2: a part of the reference scores less than the reference and as much more
    assert score("今天天气", "今天天气很不错啊") < score("今天天气很不错啊", "今天天气")


def test_it_needs_no_words():
    # n-grams of characters without the blanks: the same score however Chinese is segmented, or English set
    reference = "今天的天气不错"
    assert score("今天 天气 不错", reference) == score("今天天气不错", reference)
