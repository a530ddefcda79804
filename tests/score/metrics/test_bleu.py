from math import exp

import pytest
import sacrebleu

from belle.score.metrics.bleu import score


@pytest.mark.parametrize(
    ("answer", "reference", "expected"),
    [
        ("我喜欢读书", "我喜欢读书", 1.0),
        ("好", "好", 1.0),
        ("I like tea.", "I like tea.", 1.0),
        # 5 characters against 6: precisions 4/5, 2/4, 1/3; none of two 4-grams, smoothed to 1/(2·2); brevity e^(1-6/5)
        ("我喜欢看书", "我很喜欢看报", exp(1 - 6 / 5) * (4 / 5 * 2 / 4 * 1 / 3 * 1 / 4) ** 0.25),
        ("坏", "好", 0.0),
        ("", "好", 0.0),
        ("好", "", None),
        ("好", " \n", None),
    ],
)
def test_chinese_is_compared_by_characters(answer, reference, expected):
    assert score(answer, reference) == (None if expected is None else pytest.approx(expected))


def test_order_counts():
    reference = "今天的天气真不错"
    assert score("天气今天的真不错", reference) < score("今天的天气真很好", reference) < 1


@pytest.mark.parametrize(
    ("answer", "reference"),
    [
        ("今天的天气真不错，我们去公园吧。", "今天天气很好，我们一起去公园散步吧。"),
        ("The cat sat on the mat.", "There is a cat on the mat."),
        ("我用 Python 3.11 写代码。", "我用 Python 3.11 编程。"),
        ("好的好的好的", "好的"),
    ],
)
def test_values_are_those_of_sacrebleu(answer, reference):
    assert score(answer, reference) == sacrebleu.sentence_bleu(answer, [reference], tokenize="zh").score / 100


def test_no_score_is_above_1():
    assert score("我喜欢读书", "我喜欢读书") == 1.0
