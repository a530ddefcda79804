import pytest

from belle.score.metrics.rouge_l import ChineseTokens, score


def test_chinese_is_split_by_characters_and_other_text_by_words():
    assert ChineseTokens().tokenize("我爱 Python，3.5 米") == ["我", "爱", "python", ",", "3.5", "米"]


@pytest.mark.parametrize(
    ("answer", "reference", "expected"),
    [
        ("今天下雨", "今天下雨", 1.0),
        # longest common subsequence 今天雨: precision 3/4, recall 3/5
        ("今天有雨", "今天下大雨", 2 * (3 / 4) * (3 / 5) / (3 / 4 + 3 / 5)),
        # order counts: 雨下天今 shares a subsequence of one character
        ("雨下天今", "今天下雨", 0.25),
        ("The Cat", "the cat", 1.0),
        # a subsequence counts each token once: precision 1/3, recall 1
        ("好好好", "好", 0.5),
        ("ＡＢＣ１", "abc1", 1.0),
        ("我用Python。", "我用 python 。", 1.0),
        ("cats", "cat", 0.0),
        ("晴", "今天下雨", 0.0),
        ("", "今天下雨", 0.0),
        ("今天", " ", None),
    ],
)
def test_the_longest_common_subsequence_decides(answer, reference, expected):
    assert score(answer, reference) == (None if expected is None else pytest.approx(expected))
