import numpy as np
import pytest

from belle.score.scores import Scores, aggregate, as_json, rounded

CATEGORIES = "others rewrite classification generation summarization extract open-qa brainstorming closed-qa"

# published scores by category in that order, their mean, and their mean without others
PUBLISHED = {
    "A: EXT, zh(alpaca-3.5&4)+sharegpt": (".419 .858 .655 .897 .663 .456 .422 .837 .577", 0.643, 0.670),
    "A: LLaMA, zh(alpaca-3.5&4)+sharegpt": (".442 .828 .655 .853 .743 .444 .355 .803 .537", 0.629, 0.652),
    "A: EXT, zh(alpaca-3.5)": (".338 .789 .691 .825 .624 .423 .358 .805 .616", 0.608, 0.642),
    "A: EXT, zh(alpaca-4)": (".419 .825 .626 .918 .690 .559 .451 .879 .593", 0.662, 0.693),
    "A: EXT, zh(alpaca-3.5&4)": (".412 .807 .637 .889 .709 .489 .445 .814 .645", 0.650, 0.679),
    "A: EXT, en(alpaca-3.5&4)": (".376 .760 .606 .894 .744 .489 .376 .899 .502", 0.627, 0.659),
    "A: EXT, en(alpaca-3.5&4)+sharegpt": (".508 .774 .632 .818 .691 .578 .380 .819 .653", 0.650, 0.668),
    "A: EXT, with belle-3.5": (".566 .904 .820 .984 .753 .461 .564 .938 .672", 0.740, 0.762),
    "A: ChatGPT": (".875 .861 .813 .971 .795 .767 .690 .944 .751", 0.830, 0.824),
    "B: 7B LoRA 0.6M": (".358 .719 .695 .816 .65 .448 .315 .793 .51", 0.589, None),
    "B: 7B LoRA 2M": (".364 .795 .676 .854 .617 .472 .369 .808 .531", 0.609, None),
    "B: 7B LoRA 4M": (".341 .821 .677 .847 .645 .467 .374 .806 .639", 0.624, None),
    "B: 13B LoRA 2M": (".422 .810 .696 .837 .700 .537 .435 .823 .577", 0.648, None),
    "B: 7B FT 0.6M": (".438 .869 .698 .917 .701 .592 .477 .870 .606", 0.686, None),
    "B: 7B FT 2M": (".399 .871 .775 .920 .734 .603 .555 .900 .633", 0.710, None),
    "B: 7B FT(2M)+LoRA(math)": (".560 .863 .758 .915 .754 .651 .518 .886 .656", 0.729, None),
    "B: 7B FT(2M)+FT(math)": (".586 .887 .763 .955 .749 .658 .523 .872 .652", 0.738, None),
}


def aggregated(scored: list[tuple[str, float]]) -> Scores:
    categories, scores = zip(*scored, strict=True)
    return aggregate(np.array(scores, dtype=float), list(categories))


@pytest.mark.parametrize(("values", "macro", "without_others"), PUBLISHED.values(), ids=PUBLISHED)
def test_published_scores_are_reproduced(values, macro, without_others):
    # the published `others` stands for math and code
    first, *rest = map(float, values.split())
    names = CATEGORIES.split()[1:]
    scores = aggregated([("math", first), ("code", first), *zip(names, rest, strict=True)])
    assert scores.overall.estimate == pytest.approx(macro, abs=0.001)
    if without_others is not None:
        assert scores.without_others == pytest.approx(without_others, abs=0.001)


def test_math_and_code_are_one_category():
    scored = [("math", 0.0), ("math", 0.0), ("math", 0.0), ("code", 1.0), ("extract", 1.0), ("extract", 0.5)]
    scores = aggregated(scored)
    assert scores.overall.estimate == (0.25 + 0.75) / 2
    assert scores.without_others == 0.75
    assert [(name, one.n) for name, one in scores.categories.items()] == [("code", 1), ("extract", 2), ("math", 3)]


def test_categories_weigh_the_same_whatever_their_size():
    assert aggregated([("a", 0.0)] * 9 + [("b", 1.0)]).overall.estimate == pytest.approx(0.5)


def test_without_other_categories_there_is_no_score_without_others():
    assert aggregated([("math", 1.0), ("code", 0.0)]).without_others is None


def test_an_unscored_answer_changes_n_and_not_the_mean():
    scored = [("a", 1.0), ("a", 0.0), ("b", 0.5), ("b", 0.25)]
    whole, gap = aggregated(scored), aggregated([*scored, ("b", np.nan), ("c", np.nan)])
    assert gap == whole and gap.overall.n == 4


def test_all_right_is_not_certain():
    """What a bootstrap says of 36 right answers: [1, 1]."""
    scores = aggregated([("a", 1.0)] * 36 + [("b", 0.0), ("b", 1.0)])
    assert scores.categories["a"].low == pytest.approx(0.9036, abs=1e-4)


def test_the_order_of_answers_does_not_matter():
    generator = np.random.default_rng(0)
    scored = list(zip(["a", "b", "math", "code"] * 25, generator.random(100), strict=True))
    shuffled = [scored[number] for number in generator.permutation(100)]
    assert as_json(aggregated(scored).overall) == as_json(aggregated(shuffled).overall)


def test_a_score_has_four_digits_and_0_no_sign():
    assert (rounded(0.123456), rounded(None), str(rounded(-1e-9))) == (0.1235, None, "0.0")
