import pytest

from belle.score.details import agreements, answer_shares, repeats_of_judge
from belle.score.scoring import Scoring, scoring_of
from score.test_by_judges import ANSWERS, VERDICTS


def scored(scorer: str, *scores: float | None) -> Scoring:
    return scoring_of(scorer, [(score, "empty") for score in scores])


@pytest.mark.parametrize(
    ("flags", "empty", "truncated"),
    [([["empty"]], 1.0, 0.0), ([[]], 0.0, 0.0), ([["empty", "truncated"], ["truncated"], []], 0.3333, 0.6667)],
)
def test_shares_are_of_all_answers(flags, empty, truncated):
    found = answer_shares(flags)
    assert (found["n"], found["empty"], found["truncated"], found["thinking"]) == (len(flags), empty, truncated, 0.0)
    assert list(found) == ["n", "truncated", "empty", "repetitive", "thinking", "contaminated"]


def test_scorers_agree_over_what_both_scored():
    one, other, third = scored("metrics", 1, 0, None), scored("judge", 0.5, None, 1), scored("human:li", None, 1, None)
    found = agreements([one, other, third], {})
    assert list(found) == ["metrics, judge", "metrics, human:li"]
    assert (found["metrics, judge"]["n"], found["metrics, judge"]["bias"]) == (1, 0.5)


def test_agreement_is_rounded():
    found = agreements([scored("a", 1 / 3, 0, 1), scored("b", 0, 0, 1)], {})["a, b"]
    assert found["bias"] == round(1 / 9, 4)
    # and 0 has no sign
    assert str(agreements([scored("a", 0, 1), scored("b", 1e-6, 1)], {})["a, b"]["bias"]) == "0.0"


def test_persons_that_scored_twice_are_in_order():
    twice = {"human:wang": [(0.0, 0.5)], "human:li": [(1.0, 1.0), (0.5, 0.0)]}
    found = agreements([], twice)
    assert list(found) == ["human:li, again", "human:wang, again"]
    assert found["human:li, again"]["absolute"] == 0.25


def test_repeats_are_told_of_a_judge_that_was_asked_again():
    found = repeats_of_judge("judge", ANSWERS, VERDICTS)["repeats"]
    assert found["within"] == 0.045
    assert repeats_of_judge("second_judge", ANSWERS, VERDICTS) == repeats_of_judge("metrics", ANSWERS, VERDICTS) == {}
