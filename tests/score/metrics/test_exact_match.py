import pytest

from belle.score.metrics.exact_match import score


@pytest.mark.parametrize(
    ("answer", "reference", "expected"),
    [
        ("体育", "体育", 1.0),
        ("体育。", "体育", 1.0),
        ("  Ｐｙｔｈｏｎ ！", "python", 1.0),
        ("New\n  York", "new york", 1.0),
        ("ﬁle①", "file1", 1.0),
        ("cafe\u0301", "CAFÉ", 1.0),
        ("北\u3000京", "北 京", 1.0),
        ("体育…", "体育", 1.0),
        ("A。\n", "a", 1.0),
        ("“体育”", "体育", 0.0),
        ("**体育**", "体育", 0.0),
        ("答案：体育", "体育", 0.0),
        ("體育", "体育", 0.0),
        ("北 京", "北京", 0.0),
        ("3.5", "35", 0.0),
        ("财经", "体育", 0.0),
        ("体育新闻", "体育", 0.0),
        ("C++", "C", 0.0),
        ("", "体育", 0.0),
        ("体育", "", None),
        ("。", "。", None),
    ],
)
def test_texts_are_compared_once_normalized(answer, reference, expected):
    assert score(answer, reference) == expected
