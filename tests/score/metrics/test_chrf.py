import pytest
import sacrebleu

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


def test_it_is_the_f2_of_mean_precision_and_recall():
    # 1- to 3-grams of 天气好 and 天气不好 are 3/3, 1/2, 0/1 and 3/4, 1/3, 0/2; there are no longer ones in both
    precision, recall = (1 + 1 / 2 + 0) / 3, (3 / 4 + 1 / 3 + 0) / 3
    assert score("天气好", "天气不好") == pytest.approx(5 * precision * recall / (4 * precision + recall))


@pytest.mark.parametrize(
    ("answer", "reference"),
    [("今天的天气真不错。", "今天天气很好。"), ("The cat sat.", "There is a cat."), ("好好好", "好")],
)
def test_values_are_those_of_sacrebleu(answer, reference):
    assert score(answer, reference) == sacrebleu.sentence_chrf(answer, [reference]).score / 100
