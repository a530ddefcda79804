import pytest

from belle.compare.scorer import choose_scorer
from belle.compare.sides import load_sides
from belle.errors import UserError
from compare.made_up import SCORES, keep_as_experiment, write_result


def test_the_judge_is_chosen_before_the_metrics(repository):
    write_result({"metrics": SCORES, "judge": SCORES, "human:Li": SCORES})
    keep_as_experiment("judged")
    write_result({"human:Li": SCORES, "metrics": SCORES, "judge": SCORES})
    both = load_sides(["judged", "workspace"])
    assert choose_scorer(both, None) == "judge"
    assert choose_scorer(both, "human:Li") == "human:Li"
    assert choose_scorer(load_sides(["judged", "main"]), None) == "metrics"
    with pytest.raises(UserError, match=r"no scores of 'judge' on every side: judged has .*; main has metrics"):
        choose_scorer(load_sides(["judged", "main"]), "judge")


def test_no_scorer_in_common(repository):
    write_result({"judge": SCORES})
    with pytest.raises(
        UserError, match=r"no scorer in common: main has metrics; workspace has judge.*evaluate\.scorer"
    ):
        choose_scorer(load_sides(["main", "workspace"]), None)
