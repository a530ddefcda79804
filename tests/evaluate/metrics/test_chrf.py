from collections import Counter

import pytest

from belle.evaluate.metrics.chrf import score


def slow_chrf2(answer: str, reference: str) -> float:
    """ChrF2 from its definition: precision and recall averaged over the n-gram orders both texts have."""
    precisions, recalls = [], []
    for n in range(1, 7):
        grams = [Counter(text[i : i + n] for i in range(len(text) - n + 1)) for text in (answer, reference)]
        if all(grams):
            shared = (grams[0] & grams[1]).total()
            precisions.append(shared / grams[0].total())
            recalls.append(shared / grams[1].total())
    precision, recall = sum(precisions) / len(precisions), sum(recalls) / len(recalls)
    return 5 * precision * recall / (4 * precision + recall)


@pytest.mark.parametrize(
    ("answer", "reference"),
    [("今天天气很好", "今天的天气不错"), ("我喜欢读书", "我喜欢读书。"), ("thecat", "acatsat")],
)
def test_equals_the_definition(answer, reference):
    assert score(answer, reference) == pytest.approx(slow_chrf2(answer, reference))


@pytest.mark.parametrize(
    ("answer", "reference", "expected"),
    [
        ("好", "好", 1.0),
        ("I like tea.", "I like tea.", 1.0),
        ("坏", "好", 0.0),
        ("", "好", 0.0),
        ("好", " \n", None),
    ],
)
def test_ends_of_the_range(answer, reference, expected):
    assert score(answer, reference) == expected
