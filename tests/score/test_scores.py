import numpy as np
import pytest

from belle.score.scores import aggregate

CATEGORIES = "others rewrite classification generation summarization extract open-qa brainstorming closed-qa"

# published scores by category in that order, their mean, and their mean without others
PUBLISHED = {
    "A: EXT, zh(alpaca-3.5&4)+sharegpt": (".419 .858 .655 .897 .663 .456 .422 .837 .577", 0.643, 0.670),
    "A: LLaMA, zh(alpaca-3.5&4)+sharegpt": (".442 .828 .655 .853 .743 .444 .355 .803 .537", 0.629, 0.652),
    "A: EXT, zh(alpaca-4)": (".419 .825 .626 .918 .690 .559 .451 .879 .593", 0.662, 0.693),
    "A: EXT, with belle-3.5": (".566 .904 .820 .984 .753 .461 .564 .938 .672", 0.740, 0.762),
    "A: ChatGPT": (".875 .861 .813 .971 .795 .767 .690 .944 .751", 0.830, 0.824),
    "B: 7B LoRA 0.6M": (".358 .719 .695 .816 .65 .448 .315 .793 .51", 0.589, None),
    "B: 7B FT 2M": (".399 .871 .775 .920 .734 .603 .555 .900 .633", 0.710, None),
    "B: 7B FT(2M)+FT(math)": (".586 .887 .763 .955 .749 .658 .523 .872 .652", 0.738, None),
}


@pytest.mark.parametrize(("values", "macro", "without_others"), PUBLISHED.values(), ids=PUBLISHED)
def test_published_scores_are_reproduced(values, macro, without_others):
    scores = aggregate(zip(CATEGORIES.split(), map(float, values.split()), strict=True), seed=0)
    assert scores.overall.score == pytest.approx(macro, abs=0.001)
    if without_others is not None:
        assert scores.without_others == pytest.approx(without_others, abs=0.001)


def test_math_and_code_are_one_category():
    scored = [("math", 0.0), ("math", 0.0), ("math", 0.0), ("code", 1.0), ("extract", 1.0), ("extract", 0.5)]
    scores = aggregate(scored, seed=0)
    assert scores.overall.score == (0.25 + 0.75) / 2
    assert scores.without_others == 0.75
    assert list(scores.categories) == ["code", "extract", "math"]
    assert scores.counts == {"code": 1, "extract": 2, "math": 3}


def test_categories_weigh_the_same_whatever_their_size():
    assert aggregate([("a", 0.0)] * 9 + [("b", 1.0)], seed=0).overall.score == 0.5


def test_without_other_categories_there_is_no_score_without_others():
    assert aggregate([("math", 1.0), ("code", 0.0)], seed=0).without_others is None


def test_one_answer_has_an_interval_without_width():
    interval = aggregate([("math", 0.3)], seed=0).overall
    assert (interval.score, interval.ci_low, interval.ci_high) == (0.3, 0.3, 0.3)


@pytest.mark.parametrize(("share", "n"), [(0.5, 400), (0.2, 300)])
def test_interval_of_a_share_is_the_textbook_one(share, n):
    ones = round(share * n)
    interval = aggregate([("qa", 1.0)] * ones + [("qa", 0.0)] * (n - ones), seed=1).overall
    half = 1.96 * np.sqrt(share * (1 - share) / n)
    assert interval.ci_low == pytest.approx(share - half, abs=0.008)
    assert interval.ci_high == pytest.approx(share + half, abs=0.008)


def test_resampling_stays_within_categories():
    """Right in one category and wrong in the other: the overall score cannot vary."""
    interval = aggregate([("a", 1.0)] * 20 + [("b", 0.0)] * 20, seed=0).overall
    assert (interval.ci_low, interval.ci_high) == (0.5, 0.5)


def test_the_interval_covers_the_true_mean():
    generator = np.random.default_rng(7)
    covered = 0
    for seed in range(200):
        sample = generator.beta(2, 3, size=50)
        interval = aggregate([("qa", value) for value in sample], seed=seed).overall
        covered += interval.ci_low <= 0.4 <= interval.ci_high
    assert 180 <= covered <= 198


def test_the_seed_decides_and_the_order_of_categories_does_not():
    values = np.random.default_rng(0).random(100)
    scored = [("a", value) for value in values[:60]] + [("b", value) for value in values[60:]]
    assert aggregate(scored, seed=3) == aggregate(scored, seed=3) == aggregate(scored[60:] + scored[:60], seed=3)
    assert aggregate(scored, seed=3) != aggregate(scored, seed=4)
