import numpy as np
import pytest

from belle.statistics.anchored import anchored
from belle.statistics.groups import weights
from belle.statistics.single import macro_interval

CATEGORIES = [f"category {number}" for number in range(11) for _ in range(36)]


def scored(generator, bias=0.1, noise=0.1, labels=60):
    """What a person and a lenient judge say of 396 answers, of which the person has seen some in each category."""
    truth = generator.beta(3, 2, 396)
    judge = np.clip(0.7 * truth + 0.3 + bias - 0.1 + noise * generator.normal(size=396), 0, 1)
    person = np.full(396, np.nan)
    for number in range(11):
        seen = 36 * number + generator.permutation(36)[: labels // 11 + (number < labels % 11)]
        person[seen] = truth[seen]
    return person, judge


@pytest.mark.slow
@pytest.mark.parametrize("labels", [22, 60, 200])
@pytest.mark.parametrize("noise", [0.02, 0.3])
def test_the_interval_covers_what_the_person_would_say(labels, noise):
    generator = np.random.default_rng(labels)
    found = [anchored(*scored(generator, noise=noise, labels=labels), CATEGORIES) for _ in range(1000)]
    assert np.mean([one.low <= 0.6 <= one.high for one in found]) == pytest.approx(0.95, abs=0.03)
    # the judge alone is sure of something else
    assert np.mean([one.judge_alone for one in found]) > 0.67


def test_a_good_judge_makes_the_interval_shorter_and_a_bad_one_no_longer():
    def widths(noise):
        generator = np.random.default_rng(0)
        person, judge = scored(generator, noise=noise)
        found, seen = anchored(person, judge, CATEGORIES), ~np.isnan(person)
        alone = macro_interval(person[seen], np.array(CATEGORIES)[seen])
        return (found.high - found.low) / (alone.high - alone.low)

    assert widths(0.02) < 0.55
    assert widths(3.0) < 1.15


def test_what_the_judge_says_does_not_matter_when_the_person_does_not_follow_it():
    person, _ = scored(np.random.default_rng(0))
    found = anchored(person, np.full(396, 0.3), CATEGORIES)
    seen = ~np.isnan(person)
    assert found.trust == 0
    assert found.estimate == pytest.approx(weights(np.array(CATEGORIES)[seen]) @ person[seen])


def test_a_judge_that_agrees_is_taken_at_its_word():
    _, judge = scored(np.random.default_rng(0))
    person = np.where(np.arange(396) % 6 == 0, judge, np.nan)
    found = anchored(person, judge, CATEGORIES)
    assert found.trust == pytest.approx(1) and found.estimate == pytest.approx(weights(CATEGORIES) @ judge)
    whole = macro_interval(judge, CATEGORIES)
    assert found.high - found.low == pytest.approx(whole.high - whole.low, rel=0.05)


def test_categories_that_the_person_has_not_seen_are_named():
    person, judge = scored(np.random.default_rng(0))
    person[:36] = np.nan
    judge[40] = np.nan
    found = anchored(person, judge, CATEGORIES)
    assert found.not_covered == ["category 0"] and 50 < found.n < 60


def test_a_handful_of_scores_is_too_few():
    person, judge = scored(np.random.default_rng(0), labels=9)
    with pytest.raises(ValueError, match="9 answers scored by both, at least 10"):
        anchored(person, judge, CATEGORIES)


@pytest.mark.parametrize("labels", [12, 22, 60])
@pytest.mark.parametrize("share", [0.01, 0.05, 0.3])
def test_a_dozen_scores_that_are_equal_do_not_say_that_all_are(labels, share):
    """Differences of two choices, of which few are not 0; the judge sees them, and the person scores some answers."""
    generator = np.random.default_rng(labels)
    held = []
    for _ in range(200):
        truth = (generator.random(396) < share).astype(float)
        person = np.full(396, np.nan)
        seen = generator.permutation(396)[:labels]
        person[seen] = truth[seen]
        found = anchored(person, 0.9 * truth, CATEGORIES)
        held.append(found.low <= share <= found.high and found.low <= found.judge_alone <= found.high)
    assert np.mean(held) > 0.93


def test_ten_equal_scores_leave_open_what_the_eleventh_is():
    found = anchored(np.zeros(10), np.zeros(10), ["a"] * 10)
    assert (found.low, found.high) == pytest.approx((-(1 - 0.025 ** (1 / 10)), 1 - 0.025 ** (1 / 10)))
