import numpy as np
import pytest

from belle.judge.judgments import Scored
from belle.judge.parse import Verdict
from belle.score.by_judges import NOT_ASKED, repeats_table, score_by_judges
from factories import answer

ANSWERS = [answer("好", None, identity=f"q{number}") for number in range(4)]


def verdict(identity: str, repeat: int, score: float | None, judge: str = "judge", reason: str | None = None) -> Scored:
    return Scored(identity, judge, repeat, Verdict(score, reason))


VERDICTS = [
    verdict("q0", 0, 0.5), verdict("q0", 1, 0.8), verdict("q0", 2, None, reason="empty"),
    verdict("q1", 1, None, reason="length"), verdict("q1", 0, None, reason="ambiguous"),
    verdict("q3", 0, 0.0), verdict("q1", 0, 1.0, judge="second_judge"),
]  # fmt: skip


def test_a_score_is_the_mean_over_the_repeats_that_have_one():
    judge, second = score_by_judges(ANSWERS, VERDICTS)
    assert (judge.scorer, second.scorer) == ("judge", "second_judge")
    assert judge.scores == pytest.approx([0.65, np.nan, np.nan, 0.0], nan_ok=True)
    assert judge.reasons == [None, "ambiguous", NOT_ASKED, None]
    assert second.scored == 1


def test_judges_are_in_order_whoever_was_read_first():
    assert [one.scorer for one in score_by_judges(ANSWERS, VERDICTS[::-1])] == ["judge", "second_judge"]


def test_without_judgments_there_is_no_judge():
    assert score_by_judges(ANSWERS, []) == [] and repeats_table(ANSWERS, [], "judge").shape == (0, 4)


def test_repeats_are_rows():
    table = repeats_table(ANSWERS, VERDICTS, "judge")
    assert table == pytest.approx(
        np.array([[0.5, np.nan, np.nan, 0.0], [0.8] + [np.nan] * 3, [np.nan] * 4]), nan_ok=True
    )
