import numpy as np
import pytest

from belle.compare.command import run_compare
from belle.compare.scorer import choose_scorer, mostly_unscored, passed_over
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


def test_a_judge_that_has_scored_few_answers_is_passed_over(repository, capsys):
    few = np.where(np.arange(48) < 3, SCORES, np.nan)
    write_result({"metrics": SCORES, "judge": SCORES})
    keep_as_experiment("judged")
    write_result({"metrics": SCORES, "judge": few})
    sides = load_sides(["judged", "workspace"])
    assert choose_scorer(sides, None) == "metrics" and choose_scorer(sides, "judge") == "judge"
    line = "judge has scored only 3 of 48 answers of workspace"
    assert passed_over(sides, "metrics") == [f"{line}; compared by metrics, unless --scorer judge is given"]
    assert mostly_unscored(sides, "judge") == [line] and passed_over(sides, "judge") == []
    run_compare(["judged", "workspace"], None, None, None, "text")
    assert line in " ".join(capsys.readouterr().out.split())
    run_compare(["judged", "workspace"], "metrics", None, None, "text")
    assert line not in " ".join(capsys.readouterr().out.split())
    write_result({"metrics": few, "judge": few})
    assert choose_scorer(load_sides(["judged", "workspace"]), None) == "judge"


def test_half_of_the_answers_are_enough(repository):
    write_result({"judge": np.where(np.arange(48) % 2 == 0, SCORES, np.nan), "metrics": SCORES})
    keep_as_experiment("judged")
    write_result({"judge": SCORES, "metrics": SCORES})
    sides = load_sides(["judged", "workspace"])
    assert choose_scorer(sides, None) == "judge" and mostly_unscored(sides, "judge") == []


def test_a_person_may_score_few(repository):
    write_result({"human:Li": np.where(np.arange(48) < 3, SCORES, np.nan)})
    keep_as_experiment("scored")
    write_result({"human:Li": SCORES})
    assert mostly_unscored(load_sides(["scored", "workspace"]), "human:Li") == []
