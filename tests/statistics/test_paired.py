import numpy as np
import pytest
from scipy import stats

from belle.statistics.paired import by_category, difference

NAN = np.nan


def tables(seeds=3, questions=60, seed=0):
    """Scores of two choices, float64 [seeds, questions], and the categories."""
    generator = np.random.default_rng(seed)
    return *generator.random((2, seeds, questions)), [f"c{i % 3}" for i in range(questions)]


def test_one_seed_and_one_category_is_the_paired_t_test():
    (a,), (b,), _ = tables(seeds=1)
    found, known = difference(a, b, ["a"] * 60), stats.ttest_rel(a, b)
    assert found.p == pytest.approx(known.pvalue)
    assert (found.low, found.high) == pytest.approx(tuple(known.confidence_interval()))
    assert (found.spread.df, found.seeds, found.seeds_known) == (59, (1, 1), False)
    assert found.variance.seeds == 0


def test_p_of_one_seed_agrees_with_turning_signs_at_random():
    generator = np.random.default_rng(1)
    a, b = generator.beta([[2], [1.6]], 1, (2, 80))
    turned = stats.permutation_test(
        (a - b,), np.mean, permutation_type="samples", n_resamples=20_000, rng=np.random.default_rng(0)
    )
    assert difference(a, b, ["a"] * 80).p == pytest.approx(turned.pvalue, abs=0.02)


def test_without_differences_between_questions_seeds_decide_as_in_welchs_t_test():
    a = np.repeat([[0.5], [0.52], [0.57]], 40, axis=1)
    b = np.repeat([[0.5], [0.4], [0.49], [0.41]], 40, axis=1)
    found = difference(a, b, ["a"] * 40)
    known = stats.ttest_ind(a[:, 0], b[:, 0], equal_var=False)
    assert found.spread.df == pytest.approx(known.df)
    assert found.standard_error == pytest.approx(found.estimate / known.statistic)
    assert found.variance.questions == 0 and found.seeds == (3, 4)
    # 40 questions that agree may still hide others
    assert known.pvalue < found.p


def test_paired_seeds_are_the_paired_t_test_over_seeds():
    a = np.repeat([[0.5], [0.6], [0.7]], 40, axis=1)
    b = np.repeat([[0.48], [0.57], [0.69]], 40, axis=1)
    found = difference(a, b, ["a"] * 40, paired_seeds=True)
    known = stats.ttest_rel(a[:, 0], b[:, 0])
    assert found.standard_error == pytest.approx(found.estimate / known.statistic)
    assert found.spread.df == pytest.approx(2) and known.pvalue < found.p < difference(a, b, ["a"] * 40).p


def test_parts_of_the_variance_are_those_of_the_formulas():
    a, b, categories = tables()
    a[0] += 0.2
    found = difference(a, b, categories, judge_variance=1e-4)
    differences = a.mean(axis=0) - b.mean(axis=0)
    codes = np.array(categories)
    by_question = sum((1 / 60) ** 2 * 20 * differences[codes == one].var(ddof=1) for one in set(categories))
    macro = [[row.mean() for row in side] for side in (a, b)]
    by_seed = sum(np.var(side, ddof=1) / 3 for side in macro)
    both = 0.0
    for side in (a, b):
        for one in set(categories):
            part = side[:, codes == one]
            rest = part - part.mean(axis=0) - part.mean(axis=1, keepdims=True) + part.mean()
            both += (1 / 60) ** 2 * 20 * (rest**2).sum() / (2 * 19) / 3
    assert found.variance.total == pytest.approx(max(by_question + by_seed - both, by_question, by_seed))
    assert found.variance.questions + found.variance.judge == pytest.approx(by_question)
    assert found.variance.judge == 1e-4
    assert found.estimate == pytest.approx(np.mean(macro[0]) - np.mean(macro[1]))


def test_a_side_with_one_seed_borrows_the_others_spread():
    a, b, categories = tables()
    a += np.array([[0.0], [0.1], [-0.1]])
    lone = difference(a, b[:1], categories)
    assert lone.seeds == (3, 1) and lone.seeds_known
    assert lone.variance.seeds > 3 * difference(a, b, categories).variance.seeds


def test_the_other_way_round_is_the_negative():
    a, b, categories = tables()
    one, other = difference(a, b, categories), difference(b, a, categories)
    assert (one.estimate, one.low, one.high) == pytest.approx((-other.estimate, -other.high, -other.low))
    assert (one.signs.wins, one.p) == (other.signs.losses, pytest.approx(other.p))


def test_questions_without_a_score_on_one_side_are_lost_and_counted():
    a, b, categories = tables(seeds=1)
    a[0, :5], b[0, 3:6] = NAN, NAN
    found = difference(a, b, categories)
    assert (found.n, found.lost_a, found.lost_b) == (54, 5, 3)
    whole = difference(a[:, 6:], b[:, 6:], categories[6:])
    assert (found.estimate, found.p) == (whole.estimate, whole.p)


def test_a_score_that_one_seed_lacks_is_filled_and_no_question_is_lost():
    a, b, categories = tables()
    a = a[:1] / 3 + np.array([[0.0], [0.3], [0.6]]) + b / 100
    gaps = a.copy()
    gaps[2, ::7] = NAN
    found, whole = difference(gaps, b, categories), difference(a, b, categories)
    assert found.n == 60 and found.lost_a == 0
    # without filling, the questions that lack the best seed would count against A
    assert found.estimate == pytest.approx(whole.estimate, abs=0.03)
    assert np.nanmean(gaps, axis=0).mean() - b.mean() < whole.estimate - 0.02


def test_a_seed_without_scores_is_left_out():
    a, b, categories = tables()
    gone = np.vstack([a, np.full((1, 60), NAN)])
    assert difference(gone, b, categories) == difference(a, b, categories)
    both = difference(gone, np.vstack([b, b[:1]]), categories, paired_seeds=True)
    assert both == difference(a, b, categories, paired_seeds=True) and both.seeds == (3, 3)


def test_equal_answers_leave_what_could_differ_unseen():
    scores, _, categories = tables(seeds=1)
    found = difference(scores, scores, categories)
    assert (found.estimate, found.p) == (0, 1)
    known = stats.binomtest(0, 20).proportion_ci(method="exact").high / 3
    assert found.high == -found.low == pytest.approx(max(known, stats.binomtest(0, 60).proportion_ci().high))


def test_a_difference_without_spread_has_the_p_of_the_sign_test():
    found = difference(np.ones(10), np.zeros(10), ["a"] * 10)
    assert found.p == pytest.approx(2**-9) and found.high == pytest.approx(1) and 0.3 < found.low < 0.4


@pytest.mark.parametrize(("wins", "p"), [(1, 0.78), (4, 0.139), (6, 0.052), (7, 0.032), (12, 0.0031)])
def test_few_questions_on_one_side_are_nearly_the_sign_test(wins, p):
    found = difference(np.arange(396) < wins, np.zeros(396), [f"c{i % 11}" for i in range(396)])
    assert found.p == pytest.approx(p, rel=0.03) and found.signs.p <= found.p * 1.4
    low, high = found.interval(1 - found.p)
    assert low == pytest.approx(0, abs=1e-9) and high > 2 * found.estimate


def test_one_question_says_next_to_nothing():
    found = difference(np.array([1.0]), np.array([0.4]), ["a"])
    assert found.p > 0.7 and found.low < 0 < found.high and found.n == 1
    # however sure its seeds are
    seeds = difference(np.array([[1.0], [0.99], [0.98]]), np.array([[0.1], [0.12], [0.11]]), ["a"])
    assert seeds.p > 0.5 and seeds.high - seeds.low > 0.7


@pytest.mark.parametrize("other", [[NAN, NAN, 1.0], [NAN, NAN, NAN]])
def test_no_common_question_is_an_error(other):
    with pytest.raises(ValueError, match="both sides"):
        difference(np.array([1.0, 0.0, NAN]), np.array(other), ["a"] * 3)


def test_seeds_that_do_not_pair_are_an_error():
    a, b, categories = tables()
    with pytest.raises(ValueError, match="3 on one side, 2 on the other"):
        difference(a, b[:2], categories, paired_seeds=True)


def test_categories_apart():
    a, b, categories = tables()
    a[:, np.array(categories) == "c2"] = NAN
    found = by_category(a, b, categories)
    assert list(found) == ["c0", "c1"]
    chosen = np.array(categories) == "c0"
    assert found["c0"] == difference(a[:, chosen], b[:, chosen], ["c0"] * 20)


def test_a_category_in_which_no_pair_of_seeds_is_complete_is_left_out():
    a, b, categories = tables(seeds=2)
    first = np.array(categories) == "c1"
    a[0, first], b[1, first] = NAN, NAN
    assert list(by_category(a, b, categories, paired_seeds=True)) == ["c0", "c2"]
    assert list(by_category(a, b, categories)) == ["c0", "c1", "c2"]
    found = difference(a, b, categories, paired_seeds=True)
    assert found.n == 40 and found == difference(a[:, ~first], b[:, ~first], np.array(categories)[~first], True)


def test_a_score_without_its_partner_of_the_same_seed_does_not_count():
    a, b, categories = tables()
    gaps_a, gaps_b = a.copy(), b.copy()
    gaps_b[0, ::5], gaps_a[1, ::7] = NAN, NAN
    holes = np.isnan(gaps_a) | np.isnan(gaps_b)
    both = [np.where(holes, NAN, side) for side in (a, b)]
    for one, other in ((gaps_a, gaps_b), (gaps_a, both[1]), (both[0], gaps_b)):
        assert difference(one, other, categories, paired_seeds=True) == difference(*both, categories, paired_seeds=True)
    assert difference(gaps_a, gaps_b, categories) != difference(*both, categories)


def test_pairing_helps_when_both_find_the_same_questions_hard():
    generator = np.random.default_rng(0)
    hard = generator.random(200)
    a, b = (np.clip(hard + generator.normal(0, 0.05, 200), 0, 1) for _ in range(2))
    found = difference(a, b, ["a"] * 200)
    assert found.correlation > 0.9 and found.pairing_gain > 0.7
    apart = (a.var(ddof=1) + b.var(ddof=1)) / 200
    assert 1 - found.pairing_gain == pytest.approx((found.high - found.low) / 2 / apart**0.5 / stats.t.ppf(0.975, 199))
    assert difference(a, np.full(200, 0.5), ["a"] * 200).pairing_gain == pytest.approx(0)
    assert difference(np.ones(9), np.zeros(9), ["a"] * 9).pairing_gain is None


def test_pairing_by_question_does_not_shorten_what_seeds_add():
    generator = np.random.default_rng(0)
    hard, effects = generator.random(200), np.array([[0.0], [0.2], [0.4]])
    a, b = (np.clip(hard + generator.normal(0, 0.02, (3, 200)) + effects, 0, 2) / 2 for _ in range(2))
    found = difference(a, b, ["a"] * 200)
    apart = (a.mean(axis=0).var(ddof=1) + b.mean(axis=0).var(ddof=1)) / 200 + found.variance.seeds
    assert 1 - found.pairing_gain == pytest.approx(found.standard_error / apart**0.5) and found.pairing_gain < 0.1
